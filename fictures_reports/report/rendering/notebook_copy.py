"""A copy of a shipped notebook, to edit: its parameters name the reader's own runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.errors import RenderError
from fictures_reports.report.rendering.notebook_files import find
from fictures_reports.report.rendering.source_paths import place_of, seen_from

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: notebook → the parameters that say where its runs lie, by what it may report on
SOURCES: Final = {
    "comparison": (("before", "after"),),
    "run": (("run",),),
    "history": (("history",),),
    "document": (("before", "after"), ("run",)),
}
_FILL_IN: Final = {
    "history": "fill in: a history, or a folder with a run in each subfolder",
}
_A_RUN: Final = "fill in: a file, a folder, a zip or HISTORY@latest"


def copy_of(name: str, sources: Sequence[str], folder: Path) -> str:
    """Return the text of a notebook with other sources, as seen from the folder it will lie in.

    Without sources its parameters say what to fill in. Raises `RenderError` for one that is not
    there.
    """
    for source in sources:
        if "://" not in source and place_of(source) is None:
            raise RenderError(f"{source}: no such file or folder")
    forms = SOURCES[name]
    names = next((form for form in forms if len(form) == len(sources)), forms[0])
    given = {n: seen_from(s, folder) for n, s in zip(names, sources, strict=False)}
    # without sources the others are as they are in the shipped one
    unset = [n for form in forms if form != names for n in form] if sources else []
    lines = {n: _value(n, given) for n in names} | dict.fromkeys(unset, "None")
    content: dict[str, Any] = json.loads(find(name).read_text(encoding="utf-8"))
    cell = next(c for c in content["cells"] if "parameters" in c["metadata"].get("tags", ()))
    cell["source"] = [_line(line, lines) for line in cell["source"]]
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _value(name: str, given: dict[str, Any]) -> str:
    if name in given:
        return json.dumps(given[name], ensure_ascii=False)
    return f'"PATH"  # {_FILL_IN.get(name, _A_RUN)}'


def _line(line: str, values: dict[str, str]) -> str:
    name = line.partition(" =")[0]
    if name not in values:
        return line
    end = "\n" if line.endswith("\n") else ""
    return f"{name} = {values[name]}{end}"
