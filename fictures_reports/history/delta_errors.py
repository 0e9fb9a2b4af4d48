"""What deltalake and pyarrow raise, as one line that says what to do."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pyarrow as pa  # type: ignore[import-untyped]

from fictures_reports.errors import HistoryError
from fictures_reports.readers.text.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What is left to do if a file of the log or of the rows is damaged.
_RESTORE: Final = "restore the folder from a copy, or ingest the runs into a new history"
#: How the engine begins to tell of a log that it cannot make sense of.
_LOG_WORDS: Final = (
    "Kernel error", "Generic delta kernel error", "Invalid JSON in", "Invalid table version",
    "Invalid Checkpoint", "Not a Delta table", "Json error",
)  # fmt: skip
_FULL: Final = ("No space left", "os error 28", "StorageFull")
_READ_ONLY: Final = "Read-only file system"
_LONGEST: Final = 200
#: How the engine begins to tell that it could not get to a bucket, or not into it.
_BUCKET_WORDS: Final = ("Generic ", "Error performing", "loading credentials")
#: Where machines of a cloud get credentials from, which is asked if the environment has none.
_ASKED_LAST: Final = ("169.254.169.254", "IMDS")
#: What stands between an error and the one that caused it.
_BECAUSE: Final = "↳"


@contextmanager
def explained(path: str) -> Iterator[None]:
    """Turn what deltalake and pyarrow raise about the history at `path` into `HistoryError`."""
    from deltalake.exceptions import DeltaError, DeltaProtocolError, TableNotFoundError

    try:
        yield
    except TableNotFoundError as error:
        hint = f"no history here – 'ingest RUN --into {path}' makes one"
        raise HistoryError(f"{path}: {hint}") from error
    except DeltaProtocolError as error:
        raise HistoryError(
            f"{path}: written by a newer Delta version than this package reads "
            f"({_one_line(error)}) – update fictures-reports"
        ) from error
    except (DeltaError, OSError, pa.ArrowException) as error:
        raise HistoryError(f"{path}: {_cause(error)}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what a bug of the engine's own ends in
            raise
        message = f"the table cannot be read ({_one_line(error)}) – {_RESTORE}"
        raise HistoryError(f"{path}: {message}") from error


def _cause(error: BaseException) -> str:
    text, whole = _one_line(error), clean(str(error))
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "a file stands there – expected a folder, or s3://BUCKET/PATH"
    if any(words in whole for words in _FULL):
        return "the disk is full; nothing was added, what was there is intact – make room"
    if _READ_ONLY in whole:
        return "cannot be written (read-only file system); nothing was changed"
    if isinstance(error, FileNotFoundError):
        return f"a file of the table is missing ({text}) – {_RESTORE}"
    if isinstance(error, pa.ArrowException):
        return f"a file of the table cannot be read ({text}) – {_RESTORE}"
    if any(words in whole for words in _BUCKET_WORDS) and "kernel error" not in whole:
        return _of_bucket(whole)
    if any(words in text for words in _LOG_WORDS):
        return f"the table's log cannot be read ({text}) – {_RESTORE}"
    return text


def _of_bucket(text: str) -> str:
    """Say what a bucket refused by the first and the last of the engine's chain of causes.

    What stands between them are addresses and numbers of attempts.
    """
    first, *causes = (" ".join(cause.split()) for cause in text.split(_BECAUSE))
    kind = first.removeprefix("Kernel error -> ")
    if any(words in text for words in _ASKED_LAST):
        return f"{kind}: the environment has no credentials for it"
    messages = [_message(cause) for cause in causes if not cause.startswith("Error performing")]
    message = ": ".join([kind, *messages[-2:]])[:_LONGEST]
    return f"{message} – check the address, and the credentials in the environment"


def _message(answer: str) -> str:
    """Return the message out of a server's XML; other words as they are."""
    _, found, behind = answer.partition("<Message>")
    return behind.partition("</Message>")[0] if found else answer


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
