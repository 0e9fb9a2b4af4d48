"""What a user points at, as a list of files to read: a file, folder, glob, zip, gz or several."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

import msgspec

from fictures_reports.errors import ReadError
from fictures_reports.patterns import Pattern
from fictures_reports.readers.files.archives import attachments_of_allure, unpacked
from fictures_reports.readers.files.placeholders import has_placeholder, matching, regular
from fictures_reports.readers.files.sources import Source, named, plain_source

#: Folders that hold tools and sources, never results; walking them would take minutes.
_PASSED_OVER = frozenset({".git", "node_modules", ".venv", "__pycache__", ".tox", ".mypy_cache"})

#: Endings of files that no runner writes results into; they need not be opened to know that.
_NEVER_RESULTS = frozenset(
    (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".ico", ".bmp", ".webm", ".mp4", ".avi",
     ".mov", ".woff", ".woff2", ".ttf", ".otf", ".pdf", ".css", ".scss", ".py", ".pyc", ".js",
     ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".map", ".vue", ".java", ".kt", ".class", ".jar",
     ".go", ".rs", ".rb", ".php", ".cs", ".dll", ".so", ".exe", ".md", ".rst", ".html", ".htm",
     ".lock", ".sh", ".bat", ".ps1", ".toml", ".ini", ".ipynb", ".parquet", ".db", ".sqlite")
)  # fmt: skip


def find(given: str | Path | Sequence[str | Path]) -> Iterator[Source]:
    """Go through the files behind what was given, those in archives too, in a stable order."""
    for source in plain_files(given):
        yield from inside(source, given)


def inside(source: Source, given: str | Path | Sequence[str | Path]) -> Iterator[Source]:
    """Go through what a file of `plain_files` holds, if it is an archive; else it is the file."""
    left_out = _left_out(_names(given))
    for file in unpacked(source):
        if file is source:
            yield file
        elif not _is_left_out(file, left_out):
            yield msgspec.structs.replace(file, variant=source.variant, attempt=source.attempt)


def plain_files(given: str | Path | Sequence[str | Path]) -> Iterator[Source]:
    """Go through the files behind what was given, archives as they are; none is opened.

    `{variant}` and `{attempt}` in a path stand for names, which the sources then carry. Of several,
    one that begins with "!" is a pattern of files to leave out: "!*.lock", "!**/coverage/*". Raises
    `ReadError` where one is missing.
    """
    names = _names(given)
    left_out = _left_out(names)
    for name in names:
        if is_exclusion(name) and len(names) > 1:
            continue
        for source in _find_one(name):
            if not _is_left_out(source, left_out):
                yield source


def _names(given: str | Path | Sequence[str | Path]) -> list[str]:
    return [os.fspath(name) for name in ([given] if isinstance(given, str | Path) else given)]


def _left_out(names: Sequence[str]) -> list[Pattern]:
    return [_pattern(name[1:]) for name in names if is_exclusion(name) and len(names) > 1]


def _is_left_out(source: Source, patterns: Sequence[Pattern]) -> bool:
    path = source.name.replace(os.sep, "/") if patterns else ""
    return any(pattern.search(path) for pattern in patterns)


def is_exclusion(given: str) -> bool:
    """Tell whether a path is a pattern of files to leave out."""
    return given.startswith("!") and not Path(given).exists()


def _pattern(given: str) -> Pattern:
    """Match a file by the end of its path, and what lies in a folder of that name."""
    return Pattern(f"(?:^|/){regular(given.removeprefix('./'))}(?:/|$)")


def _find_one(given: str) -> Iterable[Source]:
    if has_placeholder(given):
        return _by_placeholder(given)
    path = Path(given)
    if path.is_dir():
        return _in_folder(path)
    if path.is_file():
        return [plain_source(path, path.parent)]
    if path.exists():
        raise ReadError(given, "is neither a file nor a folder", "expected result files")
    if glob.has_magic(given):
        return _globbed(given)
    hint = "expected result files or a folder of them"
    if "://" in given:
        hint += "; a run of a history in a bucket is s3://BUCKET/PATH@latest"
    raise ReadError(given, "no such file or folder", hint)


def _globbed(pattern: str) -> Iterator[Source]:
    paths = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 (takes absolute ones too)
    if not paths:
        raise ReadError(pattern, "no file matches", "quote the pattern and check the folder")
    for path in paths:
        yield from _find_one(path)


def _by_placeholder(given: str) -> Iterator[Source]:
    """Find what matches a path with {variant} or {attempt} in it; each match says what they are."""
    places = matching(given)
    if not places:
        hint = "{variant} and {attempt} stand for names of folders or files, or parts of them"
        raise ReadError(given, "no file or folder matches", hint)
    attempts = _numbers(place.attempt for place in places)
    for place in places:
        for source in _find_one(place.path):
            yield msgspec.structs.replace(
                source, variant=place.variant, attempt=attempts.get(place.attempt)
            )


def _numbers(names: Iterable[str]) -> dict[str, int]:
    """Number attempts: by the numbers that they are called, else in the order of their names."""
    known = sorted({name for name in names if name})
    if all(name.isdecimal() for name in known):
        return {name: int(name) for name in known}
    return {name: number for number, name in enumerate(known, 1)}


def _in_folder(folder: Path) -> Iterator[Source]:
    closed: list[OSError] = []
    found = list(_regular_files(folder, closed.append))
    attached = attachments_of_allure(str(path) for path, _ in found)
    for path, size in found:
        if path.suffix.lower() not in _NEVER_RESULTS and str(path) not in attached:
            yield plain_source(path, folder, size)
    yield from map(_closed_folder, closed)


def _closed_folder(error: OSError) -> Source:
    """Make a source that is refused, so that a folder that cannot be opened is in the ledger."""
    name = named(Path(error.filename or "a folder"))

    def opened() -> IO[bytes]:
        raise ReadError(name, f"folder cannot be opened ({error.strerror})")

    return Source(name, opened, 0)


def walk(folder: Path) -> Iterator[Path]:
    """Go through the regular files below a folder by name; links out of it are left alone."""
    return (path for path, _ in _regular_files(folder))


def _regular_files(
    folder: Path, on_error: Callable[[OSError], None] | None = None
) -> Iterator[tuple[Path, int]]:
    """Go through the files that `walk` names, with their sizes in bytes."""
    inside = os.path.realpath(folder)
    for parent, folders, names in os.walk(folder, onerror=on_error, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in _PASSED_OVER)
        parent_path = Path(parent)
        for name in sorted(names):
            path = parent_path / name
            size = _size_inside(str(path), inside)
            if size is not None:
                yield path, size


def _size_inside(path: str, inside: str) -> int | None:
    """Ask for the size of a file; None where it is none, or a link that leads out."""
    try:
        found = os.lstat(path)
        if stat.S_ISLNK(found.st_mode):
            if not is_below(os.path.realpath(path), inside):
                return None
            found = os.stat(path)  # noqa: PTH116
        return found.st_size if stat.S_ISREG(found.st_mode) else None
    except OSError:
        return None


def is_below(path: str, folder: str) -> bool:
    """Tell whether a real path lies in a real folder."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
