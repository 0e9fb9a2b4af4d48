"""What people would repeat on every command line: gates, areas and rules."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec

from fictures_reports.errors import SchemaError
from fictures_reports.typed_tables import TableError, decode

_OWN: Final = "fictures-reports.toml"
_TABLE: Final = ("tool", "fictures-reports")


class AreaTable(msgspec.Struct, forbid_unknown_fields=True):
    """An area with its owner."""

    patterns: list[str]
    owner: str | None = None


class QuarantineTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What `quarantine propose` may propose."""

    #: names and shell patterns of cases, tests, files and titles that are never proposed
    exclude: list[str] = []
    most: Annotated[int, msgspec.Meta(ge=0)] = 10
    days: Annotated[int, msgspec.Meta(ge=1)] = 14


class StoreTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How much a branch that holds the history may hold."""

    #: runs of each branch and stream
    runs: Annotated[int, msgspec.Meta(ge=1)] = 50
    megabytes: Annotated[float, msgspec.Meta(gt=0)] = 50


class SettingsTable(msgspec.Struct, forbid_unknown_fields=True):
    """The settings as their file has them."""

    gates: list[str] = []
    areas: dict[str, list[str] | AreaTable] = {}
    rules: str | None = None
    stream: str | None = None
    known_issues: list[dict[str, Any]] = []
    renames: dict[str, str] = {}
    allow_missing: list[str] = []
    causes: dict[str, list[str]] = {}
    quarantine: QuarantineTable = QuarantineTable()
    store: StoreTable = StoreTable()


#: What a setting must be, for messages.
_EXPECTED: Final = {
    "gates": "a list of gates such as ['passed >= 24']",
    "areas": (
        "a table of lists such as cache = ['cache-*'], or of {patterns = [...], owner = '...'}"
    ),
    "known_issues": "a list of tables, one for each issue",
    "quarantine": "a table such as {exclude = ['*checkout*'], most = 10, days = 14}",
    "store": "a table such as {runs = 50, megabytes = 50}",
    "causes": "a table of lists such as 'no Like button' = ['Like button not found']",
    "renames": "a table of old id = new id, or of patterns such as 'tests/old/*' = 'tests/new/*'",
    "allow_missing": "a list of variants and files such as ['windows']",
    "rules": "the path of a rule file",
    "stream": "the name of the line of runs that this project's runs belong to",
}


@dataclass(frozen=True)
class Settings:
    """The settings of a project; each has a default that changes nothing."""

    #: gate expressions, checked beside those of the command line
    gates: list[str] = field(default_factory=list)
    #: area name → shell patterns for files or case ids; the first match wins
    areas: dict[str, list[str]] = field(default_factory=dict)
    #: path of a rule file, relative to the settings file
    rules: str | None = None
    #: name of the line of runs that this project's runs belong to; before the CI job's own
    stream: str | None = None
    #: failures that somebody answers for until a day: `owner`, `reason`, `expires`, and what fails:
    #: `case`, `test`, `signature` or `cause`, each a name or a shell pattern
    known_issues: list[dict[str, Any]] = field(default_factory=list)
    #: accepted renames: old case id → new case id, or patterns (`tests/old/*` → `tests/new/*`)
    renames: dict[str, str] = field(default_factory=dict)
    #: variants and files of the run before of which nothing may come any more
    allow_missing: list[str] = field(default_factory=list)
    #: groups of causes: name → shell patterns for what a failure or skip says, files, case ids,
    #: categories or ids of causes; the first group that fits wins
    causes: dict[str, list[str]] = field(default_factory=dict)
    #: what `quarantine propose` leaves out (`exclude`: names and shell patterns of cases, files and
    #: titles), how many it proposes (`most`, 10) and for how many days (`days`, 14)
    quarantine: QuarantineTable = field(default_factory=QuarantineTable)
    #: how much a branch that `ci --store branch` fills may hold: runs of each branch and stream
    #: (`runs`, 50), and `megabytes` (50), beyond which fewer runs are kept
    store: StoreTable = field(default_factory=StoreTable)
    #: area name → who answers for it
    owners: dict[str, str] = field(default_factory=dict)


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


def _table(path: Path) -> Any:
    """Return our table of a file, None where it has none."""
    try:
        content: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        if path.name == _OWN:
            raise SchemaError(f"{path}: not TOML – {error}") from error
        return None  # somebody else's pyproject.toml is not ours to complain about
    if path.name == _OWN:
        return content
    for key in _TABLE:
        content = content.get(key) if isinstance(content, dict) else None
    return content


def _settings(path: Path, table: Any) -> Settings:
    if not isinstance(table, dict):
        raise SchemaError(f"{path}: {'.'.join(_TABLE)} = {table!r}, expected a table of settings")
    try:
        given = decode(table, SettingsTable)
    except TableError as error:
        wrong, *_ = str(error).split(", expected ")
        expected = f", expected {_EXPECTED[error.key]}" if error.key in _EXPECTED else ""
        raise SchemaError(f"{path}: {wrong}{expected}") from error
    full = {k: AreaTable(v) if isinstance(v, list) else v for k, v in given.areas.items()}
    return Settings(
        gates=given.gates,
        areas={name: area.patterns for name, area in full.items()},
        rules=str(path.parent / given.rules) if given.rules else given.rules,
        stream=given.stream,
        known_issues=given.known_issues,
        renames=given.renames,
        allow_missing=given.allow_missing,
        store=given.store,
        causes=given.causes,
        quarantine=given.quarantine,
        owners={name: area.owner for name, area in full.items() if area.owner is not None},
    )
