r"""Text for GitHub's runner: commands in the log, outputs, and words that must not be commands.

What a runner reads as a command begins with `::` on a line of its own, so foreign text is either
escaped within one command, or stands where commands are switched off.
"""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING, Final

from fictures_reports.report.terminal_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DATA: Final = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY: Final = (*_DATA, (":", "%3A"), (",", "%2C"))


def command(name: str, message: str, **properties: object) -> str:
    r"""Write a workflow command; properties without a value are left out.

    >>> command("error", "100 % of it\nfailed", file="a.spec.ts", line=7, title="broken: a, b")
    '::error file=a.spec.ts,line=7,title=broken%3A a%2C b::100 %25 of it%0Afailed'
    """
    places = ",".join(f"{k}={_escaped(str(v), _PROPERTY)}" for k, v in properties.items() if v)
    return f"::{name}{' ' if places else ''}{places}::{_escaped(message, _DATA)}"


def without_commands(*texts: str) -> str:
    """Write lines in which a runner looks for no command, whatever they say."""
    token = token_hex(16)
    lines = [printable(text).rstrip() for text in texts]
    return "\n".join([f"::stop-commands::{token}", *lines, f"::{token}::"])


def outputs(values: Mapping[str, str]) -> str:
    """Write the outputs of a step as GITHUB_OUTPUT takes them."""
    # A delimiter that nobody can guess keeps a value from naming outputs of its own.
    end = f"end-{token_hex(16)}"
    return "".join(f"{name}<<{end}\n{printable(v)}\n{end}\n" for name, v in values.items())


def _escaped(text: str, signs: Iterable[tuple[str, str]]) -> str:
    text = printable(text.replace("\r\n", "\n"))
    for sign, code in signs:
        text = text.replace(sign, code)
    return text
