"""What the name of a folder or file says: the variant that it holds, or which run of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

_ENDINGS: Final = (".gz", ".xml", ".json", ".jsonl", ".zip")
#: numbers of runs, which a name of an artifact may end in
_RUN_ID: Final = Pattern(r"[-_.]+\d{8,}$")
_SHARD_WORD: Final = Pattern(r"[-_. ]*\b(?i:shard|part)$")
_PARTS: Final = Pattern(r"\p{L}+|\d+")
_COMMIT: Final = Pattern(r"^[0-9a-f]{7,40}$")
#: Words that put runs into an order in time: these are runs of their own.
_ORDER: Final = frozenset([
    "before", "after", "baseline", "base", "old", "new", "previous", "prev", "current",
    "curr", "now", "then", "last", "latest", "first", "second", "third", "initial", "final",
    "earlier", "later", "today", "yesterday", "monday", "tuesday", "wednesday", "thursday",
    "friday", "saturday", "sunday", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "main",
    "master", "head", "pr", "run", "phase", "round", "build", "fixed", "broken", "good",
    "bad", "nightly", "morning", "evening",
])  # fmt: skip
#: What has versions, so that a number behind it names a place and not a run.
_HAVE_VERSIONS: Final = frozenset([
    "py", "python", "cpython", "pypy", "node", "nodejs", "java", "jdk", "jre", "ruby", "php",
    "go", "golang", "dotnet", "net", "win", "windows", "macos", "mac", "osx", "ubuntu",
    "debian", "alpine", "fedora", "ios", "android", "api", "chrome", "chromium", "firefox",
    "safari", "edge", "webkit", "postgres", "postgresql", "pg", "mysql", "mariadb", "redis",
    "mongo", "django", "flask", "rails", "spring", "react", "vue", "angular", "numpy",
    "pandas", "pytest", "k8s", "kotlin", "scala", "swift", "xcode", "gcc", "clang", "cuda",
])  # fmt: skip


def parted(name: str) -> tuple[str, str]:
    """Part a file's name from its endings.

    >>> parted("junit.xml.gz")
    ('junit', '.xml.gz')
    """
    stem = name
    while any(stem.lower().endswith(ending) for ending in _ENDINGS):
        stem = stem.rpartition(".")[0]
    return stem, name[len(stem) :]


def variant_of(name: str, *, is_file: bool) -> str:
    """Return a name without the endings of a file and the number of a run.

    A zip is a folder that has an ending.

    >>> variant_of("windows-4711000815", is_file=False)
    'windows'
    """
    stem = parted(name)[0] if is_file or name.lower().endswith(".zip") else name
    return _RUN_ID.without(stem) or stem


def without_shard(name: str, number: int) -> str:
    """Return a name without the number of the shard that it is of, wherever it stands.

    >>> without_shard("linux-shard-1-of-2", 1), without_shard("report-linux-2", 2)
    ('linux', 'report-linux')
    >>> without_shard("shard2-linux", 2), without_shard("node20", 2)
    ('linux', 'node20')
    """
    shard = rf"0*{number}(?:[-_. ]*(?i:of|/)[-_. ]*\d+)?"
    for found in (
        Pattern(rf"^(?P<name>.*[^-_. \d])(?:[-_. ]+|(?i:shard|part)){shard}$"),
        Pattern(rf"^(?i:shard|part)?[-_. ]*{shard}[-_. ]+(?P<name>.+)$"),
    ):
        if match := found.search(name):
            return _SHARD_WORD.without(match["name"]) or name
    return name


def are_in_order(names: Sequence[str]) -> bool:
    """Tell names that put runs into an order in time from names of places.

    Only that counts by which they differ: words such as "before", numbers (but of a version), and
    hashes of commits.

    >>> are_in_order(["before", "after"]), are_in_order(["run-1", "run-2"])
    (True, True)
    >>> are_in_order(["stage", "prod"]), are_in_order(["py311", "py312"])
    (False, False)
    """
    if all(_COMMIT.search(name.lower()) and any(map(str.isdigit, name)) for name in names):
        return True
    parts = [[found[0].lower() for found in _PARTS.finditer(name)] for name in names]
    common, differing = _apart(parts)
    if any(part in _ORDER for words in differing for part in words):
        return True
    versioned = bool(common) and common[-1] in _HAVE_VERSIONS
    return not versioned and all(part.isdecimal() for words in differing for part in words)


def _apart(parts: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Return what all begin with, and of each what is left without that and the common end."""
    start = 0
    shortest = min(map(len, parts))
    while start < shortest and len({words[start] for words in parts}) == 1:
        start += 1
    differing = [words[start:] for words in parts]
    while all(differing) and len({words[-1] for words in differing}) == 1:
        differing = [words[:-1] for words in differing]
    return parts[0][:start], differing
