"""Everything that can go wrong for a reason the user can act on.

    ReportsError
    ├ ReadError      ├ UnknownFormat   no reader knows the content; says what it looks like
    │                ├ MalformedFile   the format is known, but this file breaks it; says where
    │                └ SeveralRuns     files hold the same tests and are no parts of one run
    ├ SchemaError                      a frame lacks columns, or a setting is not what it must be
    ├ GateError                        a gate expression that cannot be read
    ├ RuleError                        a rule file that cannot be used; says which line
    ├ HistoryError   └ NoRuns          a history, or what was asked of it, holds no run
    ├ RenderError                      a notebook failed; says the cell and where its copy lies
    └ MissingExtra                     a part of the package is not installed; says which to install

A message is one line: what was found, where, what was expected, what to do. Only `cli` catches
these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class ReportsError(Exception):
    """Base of all errors that a user can mend; its text is one line for people."""


class ReadError(ReportsError):
    """A result file that could not be read at all."""

    def __init__(self, path: Path | str, found: str, hint: str = "") -> None:
        self.path = str(path)
        self.found = found
        self.hint = hint
        super().__init__(f"{self.path}: {found}" + (f" – {hint}" if hint else ""))


class UnknownFormat(ReadError):
    """The content is of no format that a reader knows."""


class NoDocument(UnknownFormat):
    """The file is empty, cut or cannot be parsed, so that it may have been results."""


class MalformedFile(ReadError):
    """The content is of a known format, but broken beyond what could be salvaged."""


class SeveralRuns(ReadError):
    """What was given as one run holds several."""


class SchemaError(ReportsError):
    """A frame or setting does not have the shape that a function needs."""


class GateError(ReportsError):
    """A gate expression that cannot be read."""


class RuleError(ReportsError):
    """A rule file that cannot be used."""


class HistoryError(ReportsError):
    """A history that cannot be opened, read or written."""


class NoRuns(HistoryError):
    """There is no such run in a history."""


class RenderError(ReportsError):
    """A report could not be rendered."""


class MissingExtra(ReportsError, ImportError):
    """A part of the package that is only installed where it is asked for."""


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return the end of a message about a word that is not known.

    >>> did_you_mean("brokn", ("broken", "fixed")), did_you_mean("x", ("broken", "fixed"))
    ("; did you mean 'broken'?", '; there are broken, fixed')
    """
    from difflib import get_close_matches

    words = list(known)
    close = get_close_matches(str(word), words, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(words)}"
