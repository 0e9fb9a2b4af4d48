r"""Foreign text in Markdown: shown letter by letter, whatever it holds.

Every name, message and error that goes into Markdown goes through here; only notes do not, which
their author wrote as Markdown. A backslash is enough for what Markdown itself reads. GitHub and
GitLab look for mentions and references in the page that came out, where the backslash is gone:
an invisible space after the sign keeps those from being found.
"""

from __future__ import annotations

from typing import Final

from fictures_reports.patterns import compiled
from fictures_reports.report.terminal_text import one_line

#: What Markdown, its tables, HTML or mathematics would read as more than a letter.
_SPECIAL: Final = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#|~&$"})
#: What would begin a tag is none in the Markdown's source either, for those who show it as HTML.
_TAG: Final = compiled(r"\\<([A-Za-z/!?])")
#: Addresses that become links by themselves.
_ADDRESS: Final = (("://", "\\://"), ("www.", "www\\."), ("WWW.", "WWW\\."))
#: @name mentions people, #1, !1 and GH-1 refer to issues and merge requests.
_REFERENCE: Final = compiled(r"@[\pL\pN_]|(?:#|!|GH-|gh-)\pN")
_BACKTICKS: Final = compiled("`+")
_INVISIBLE: Final = "\u200b"


def text(value: object) -> str:
    r"""Write a text on one line so that Markdown shows it letter by letter.

    >>> print(text("a <b> | *c*"))
    a &lt;b\> \| \*c\*
    """
    parts = _cut_in_references(one_line(str(value)))
    escaped = _INVISIBLE.join(part.translate(_SPECIAL) for part in parts)
    escaped = str(_TAG.sub(r"&lt;\1", escaped))
    for sign, safe in _ADDRESS:
        escaped = escaped.replace(sign, safe)
    return escaped


def cell(value: object) -> str:
    r"""Write a cell of a table; "–" for what is missing.

    >>> cell("a|b"), cell(None), cell(float("nan"))
    ('a\\|b', '–', '–')
    """
    return "–" if value is None or value != value else text(value)


def code(value: object) -> str:
    """Write a text as a code span, which ends where the text does.

    >>> code("not_run"), code("a`b")
    ('`not_run`', '``a`b``')
    """
    line = one_line(str(value))
    longest = max((len(run) for run in _BACKTICKS.findall(line)), default=0)
    fence = "`" * (longest + 1)
    room = " " if line[:1] == "`" or line[-1:] == "`" else ""
    return f"{fence}{room}{line}{room}{fence}"


def _cut_in_references(line: str) -> list[str]:
    """Cut a line behind each sign that would begin a mention or a reference."""
    parts, start = [], 0
    for found in _REFERENCE.finditer(line):
        cut = found.end() - 1  # before the first character of the name or number
        parts.append(line[start:cut])
        start = cut
    return [*parts, line[start:]]
