"""What people would repeat on every command line: gates, areas and rules."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from fictures_reports.errors import SchemaError

_OWN: Final = "fictures-reports.toml"
_TABLE: Final = ("tool", "fictures-reports")


@dataclass(frozen=True)
class Settings:
    """The settings of a project; each has a default that changes nothing."""

    #: gate expressions, checked beside those of the command line
    gates: list[str] = field(default_factory=list)
    #: area name → shell patterns for files or case ids, or {patterns, owner}; the first match wins
    areas: dict[str, list[str]] = field(default_factory=dict)
    #: path of a rule file, relative to the settings file
    rules: str | None = None
    #: failures that somebody answers for until a date; see `analysis.known.KnownIssue`
    known_issues: list[dict[str, Any]] = field(default_factory=list)
    #: accepted renames: old case id → new case id
    renames: dict[str, str] = field(default_factory=dict)
    #: area name → who answers for it, taken from `areas`
    owners: dict[str, str] = field(default_factory=dict, metadata={"derived": True})


def load(folder: Path | None = None) -> Settings:
    """Read the settings that hold for a folder (default: the current one).

    The nearest fictures-reports.toml, or pyproject.toml with a table [tool.fictures-reports], in
    the folder or above it; defaults if there is none. Raises `SchemaError` for unknown keys.
    """
    start = (folder or Path.cwd()).resolve()
    for place in (start, *start.parents):
        for path in (place / _OWN, place / "pyproject.toml"):
            table = _table(path) if path.is_file() else None
            if table is not None:
                return _settings(path, table)
    return Settings()


def _table(path: Path) -> dict[str, Any] | None:
    try:
        content: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        if path.name == _OWN:
            raise SchemaError(f"{path}: not TOML – {error}") from error
        return None  # somebody else's pyproject.toml is not ours to complain about
    if path.name == _OWN:
        return dict(content)
    for key in _TABLE:
        content = content.get(key)
        if content is None:
            return None
    return dict(content)


def _settings(path: Path, table: dict[str, Any]) -> Settings:
    known = {f.name for f in fields(Settings) if not f.metadata}
    for key in table:
        if key not in known:
            close = get_close_matches(key, known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else f"; there are {sorted(known)}"
            raise SchemaError(f"{path}: unknown setting {key!r}{hint}")
    _expect(path, table, "gates", _is_texts, "a list of gates such as ['passed >= 24']")
    what = "a table of lists such as cache = ['cache-*'], or of {patterns = [...], owner = '...'}"
    _expect(path, table, "areas", _is_areas, what)
    _expect(path, table, "known_issues", _is_tables, "a list of tables, one for each issue")
    _expect(path, table, "renames", _is_renames, "a table of old id = new id")
    _expect(path, table, "rules", lambda v: isinstance(v, str), "the path of a rule file")
    if rules := table.get("rules"):
        table = table | {"rules": str(path.parent / rules)}
    return Settings(**table | _split(table.get("areas", {})))


def _split(areas: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Part areas, written as lists or as tables, into their patterns and their owners."""
    full = {k: v if isinstance(v, dict) else {"patterns": v} for k, v in areas.items()}
    return {
        "areas": {name: area["patterns"] for name, area in full.items()},
        "owners": {name: area["owner"] for name, area in full.items() if "owner" in area},
    }


def _expect(path: Path, table: dict[str, Any], key: str, is_right: Any, what: str) -> None:
    if key in table and not is_right(table[key]):
        raise SchemaError(f"{path}: {key} is {table[key]!r}, expected {what}")


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _is_renames(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())


def _is_areas(value: object) -> bool:
    return isinstance(value, dict) and all(_is_area(item) for item in value.values())


def _is_area(value: object) -> bool:
    if not isinstance(value, dict):
        return _is_texts(value)
    return (
        _is_texts(value.get("patterns"))
        and value.keys() <= {"patterns", "owner"}
        and isinstance(value.get("owner", ""), str)
    )
