"""The notebooks behind the reports: those that are shipped, and people's own copies of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import re2

from fictures_reports.errors import RenderError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

#: The shipped ones by name.
NAMES: Final = ("comparison", "run", "history", "document")
#: In a wheel the notebooks lie inside the package, in a checkout beside it.
_FOLDERS: Final = (Path(__file__).parents[1] / "notebooks", Path(__file__).parents[3] / "notebooks")

#: Parameters that name the runs a notebook reports on, as they go together; the parameters cell has
#: samples of them.
_RUNS: Final = (("before", "after"), ("run",))

#: A name that a line assigns to, with or without its type.
_ASSIGNED: Final = re2.compile(r"(?m)^([\pL\pN_]+)[ \t]*(?::[^=\n]+)?=(?:[^=]|$)")


def find(notebook: str | Path) -> Path:
    """Return the path of a notebook that is shipped, or of the user's own."""
    if Path(notebook).suffix == ".ipynb":
        if Path(notebook).is_file():
            return Path(notebook)
        raise RenderError(f"{notebook}: no such notebook")
    for folder in _FOLDERS:
        if (path := folder / f"{notebook}.ipynb").is_file():
            return path
    raise RenderError(
        f"no notebook {str(notebook)!r}; there are {', '.join(NAMES)}, and paths that end in .ipynb"
    )


def parameters(path: Path, given: Collection[str]) -> set[str]:
    """Return the names that the notebook's parameters cell sets.

    `given` are the names of what is reported on. Raises `RenderError` if that cannot be told, if
    one of them is not among the names, or if the cell sets a run that is not given: the notebook
    would else report on the samples that stand in it. A notebook that sets before and after and
    run as well reports on either.
    """
    cells = [cell for cell in _cells(path) if "parameters" in _tags(cell)]
    if not cells:
        raise RenderError(
            f"{path}: no cell has the tag 'parameters'; 'fictures-reports notebook' writes copies "
            "that have one"
        )
    names = set(_ASSIGNED.findall("".join(cells[0].get("source", ""))))
    for name in given:
        if name not in names:
            raise RenderError(
                f"{path}: its parameters cell does not set {name!r}, which this report is about: "
                "is it a copy of another notebook?"
            )
    expected = [
        run_names for runs in _RUNS if (run_names := [name for name in runs if name in names])
    ]
    of_runs = [name for runs in _RUNS for name in runs if name in given]
    if expected and of_runs not in expected:
        raise RenderError(
            f"{path}: reports on {' or '.join(map(_listed, expected))}; given: {_listed(given)} – "
            "give each of them, or take another notebook"
        )
    return names


def not_given(settable: Collection[str], given: Collection[str]) -> dict[str, None]:
    """Return None for each run that the notebook may report on and is not given, by its name."""
    return {name: None for runs in _RUNS for name in runs if name in settable and name not in given}


def own_parameters(
    path: Path, settable: Collection[str], values: Collection[str], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values of a copy's own parameters; raise `RenderError` for one that it has not.

    `settable` are the names that its parameters cell sets, `ours` those that a report sets itself.
    """
    for name in given:
        if name in values:
            raise RenderError(f"{path}: {name!r} is set by the report itself")
        if name not in settable:
            hint = did_you_mean(name, sorted(set(settable) - set(values)))
            raise RenderError(f"{path}: its parameters cell does not set {name!r}{hint}")
    return dict(given)


def _listed(names: Collection[str]) -> str:
    return " and ".join(map(repr, names)) or "nothing"


def _cells(path: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RenderError(f"{path}: not a notebook – {error}") from error
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list) or content.get("nbformat") != 4:
        raise RenderError(f"{path}: not a notebook – expected nbformat 4 with cells")
    return [cell for cell in cells if isinstance(cell, dict)]


def _tags(cell: dict[str, Any]) -> list[str]:
    metadata = cell.get("metadata")
    return list(metadata.get("tags") or []) if isinstance(metadata, dict) else []
