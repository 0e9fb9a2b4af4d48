"""Write a file that a user named, as a whole or not at all, or say in one line why that cannot be.

A file is written under another name in the same folder and then takes the place of the target, so
nobody ever reads half of it, and a run that is stopped leaves the old file as it was. What is no
regular file (`/dev/stdout`, a pipe), or lies where no other file may be made, gets a copy.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from fictures_reports.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What stands for an open stream: a file put in its place would not be what the stream goes to.
_STREAMS: Final = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise `RenderError` for what keeps the body from writing a path."""
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise RenderError(f"{path} cannot be written: its folder's place is taken") from error
    except OSError as error:
        raise RenderError(f"{path} cannot be written: {error.strerror or error}") from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give the body a path to write to; what it wrote is then put where `path` says.

    Folders are made. Raises `RenderError` if the file cannot be written; what was there stays.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        with _copied(path) if _needs_copy(path) else _replaced(path) as part:
            yield part


def write(text: str, path: Path) -> None:
    """Write a text as UTF-8; half a surrogate pair, which is no character, is replaced."""
    with replacing(path) as part:
        part.write_bytes(text.encode("utf-8", "replace"))


def append(text: str, path: Path) -> None:
    """Add a text to the end of a file as UTF-8; raises `RenderError`, and then adds nothing."""
    with explained(path), path.open("ab", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        left = text.encode("utf-8", "replace")
        try:
            while left:
                left = left[file.write(left) :]
        except BaseException:
            with suppress(OSError):
                file.truncate(size)
            raise


def _needs_copy(path: Path) -> bool:
    if str(path.absolute()).startswith(_STREAMS):
        return True
    return path.exists() and not (path.is_file() and os.access(path.resolve().parent, os.W_OK))


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    # A link stays one: what it points at is replaced.
    target = path.resolve()
    part = target.with_name(f".fictures-reports-{token_hex(8)}.part")
    try:
        _make(part, like=target)
        yield part
        try:
            part.replace(target)
        except OSError as error:
            # A file that is a mount of its own, as containers have them, can only be written to.
            if error.errno != errno.EBUSY:
                raise
            _copy(part, target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _make(part: Path, like: Path) -> None:
    """Make an empty file with the owner and permissions of another, or those of any new file."""
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    with suppress(OSError):
        known = like.stat()
        if hasattr(os, "chown"):
            with suppress(OSError):  # only root may give files away
                os.chown(part, known.st_uid, known.st_gid)
        part.chmod(known.st_mode & 0o777)


@contextmanager
def _copied(path: Path) -> Iterator[Path]:
    with TemporaryDirectory(prefix="fictures-reports-") as folder:
        part = Path(folder) / path.name
        yield part
        _copy(part, path)


def _copy(part: Path, target: Path) -> None:
    with part.open("rb") as written, target.open("wb") as file:
        shutil.copyfileobj(written, file)
