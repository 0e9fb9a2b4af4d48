"""Where runs lie, as seen from the folder of the notebook that reads them.

A notebook runs in its own folder, wherever the command was typed that wrote it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

#: Parameters of the notebooks that say where runs, a history or a rule file lie.
_PLACES: Final = (
    "before", "after", "run", "earlier_before", "earlier_after", "phases", "history",
    "rules",
)  # fmt: skip
#: papermill's tag for the cell that it writes the parameters into.
_INJECTED: Final = "injected-parameters"


def place_of(source: str) -> Path | None:
    """Return the file or folder that a source lies in; None for a bucket, or if there is none.

    "artifacts/{variant}" lies in artifacts, "history@latest" in history.
    """
    if not source or "://" in source:
        return None
    path, before_brace = Path(source), source.partition("{")[0]
    if "{" in source:
        path = Path(before_brace) if before_brace.endswith("/") else Path(before_brace).parent
    elif "@" in source and not path.exists():
        path = Path(source.rpartition("@")[0] or source)
    return path if path.exists() else None


def seen_from(source: Any, folder: Path) -> Any:
    """Return what `read_run` takes, or a list or part of it, with paths as seen from a folder.

    What is absolute, in a bucket or not there stays as it is.
    """
    if isinstance(source, list):
        return [seen_from(path, folder) for path in source]
    if isinstance(source, dict) and source.keys() == {"source", "where"}:
        return source | {"source": seen_from(source["source"], folder)}
    if not isinstance(source, str) or Path(source).is_absolute() or place_of(source) is None:
        return source
    try:
        return os.path.relpath(source, folder).replace(os.sep, "/")
    except ValueError:  # Windows: on another drive
        return str(Path(source).resolve())


def moved_to(executed: NotebookNode, parameters: Mapping[str, Any], target: Path) -> None:
    """Write the parameters of an executed notebook anew, so that it runs where it will lie."""
    from papermill.translators import papermill_translators

    if target.suffix != ".ipynb" or target.parent.resolve() == Path.cwd():
        return
    relative = {
        n: seen_from(v, target.parent) if n in _PLACES else v for n, v in parameters.items()
    }
    translator = papermill_translators.find_translator("python3", "python")
    for cell in executed.cells:
        if _INJECTED in cell.metadata.get("tags", ()):
            cell.source = translator.codify(relative, "Parameters")
