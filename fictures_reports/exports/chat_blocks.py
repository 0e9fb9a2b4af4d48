"""The verdict as blocks of Slack's Block Kit: a file that a webhook or a bot posts as it is.

Within the limits of Block Kit: 50 blocks, 3,000 characters a text, 150 of a heading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.reasons.human_names import STANDING_TITLES
from fictures_reports.exports.judged_run import judged
from fictures_reports.exports.printable_json import as_json
from fictures_reports.guards import path_of
from fictures_reports.safe_write import write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.exports.judged_run import JudgedRun
    from fictures_reports.run import Run

_TEXT: Final = 3000
_HEADING: Final = 150
#: Items that a list names; the report has the others.
MOST: Final = 10
_LINE: Final = 250


def slack_of(
    subject: Comparison | Run, path: str | Path, *, link: str = "", title: str = "", **options: Any
) -> Path:
    """Write the verdict as a message of Slack; return the path.

    `link` is where the report lies, `title` the heading, by default the run's label; options are
    those of `exports.judged_run.judged`.
    """
    target = path_of(path, "the path of the blocks")
    message = message_of(judged(subject, **options), link, title)
    write(as_json(message), target)
    return target


def message_of(judged_run: JudgedRun, link: str = "", title: str = "") -> dict[str, Any]:
    """Return the message: a heading, the verdict, what fails newly, missed gates, and the link."""
    failing = [_item(row, reason(row)) for row in judged_run.failures]
    known = [_item(row, judged_run.known[row.case_id]) for row in judged_run.known_failures]
    heading = STANDING_TITLES["new"] if judged_run.comparison else "Fails"
    blocks = [
        {"type": "header", "text": _plain(title or judged_run.run.label)},
        _section(f"*{_escaped(judged_run.verdict)}*"),
        *_list(heading, failing),
        *_list("Known failures", known, most=3),
        *_list("Gates not met", [gate.sentence for gate in judged_run.missed]),
        *_list(
            "Errors of the run", [error.partition("\n")[0] for error in judged_run.run.info.errors]
        ),
    ]
    if link.startswith(("https://", "http://")):
        blocks.append(_section(f"<{_address(link)}|Open the report>"))
    return {"text": _cut(_escaped(judged_run.verdict), _TEXT), "blocks": blocks}


def _item(row: Any, why: str) -> str:
    return f"{row.title}{_where(row)}{f': {why}' if why else ''}"


def _where(row: Any) -> str:
    named = (name for name in (row.project, row.variant) if isinstance(name, str) and name)
    where = ", ".join(named)
    return f" ({where})" if where else ""


def _list(heading: str, lines: Sequence[str], most: int = MOST) -> list[dict[str, Any]]:
    if not lines:
        return []
    shown = [f"• {_escaped(_cut(' '.join(line.split()), _LINE))}" for line in lines[:most]]
    more = [f"and {len(lines) - most:,} more"] if len(lines) > most else []
    return [_section("\n".join([f"*{heading} ({len(lines):,})*", *shown, *more]))]


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": _cut(text, _TEXT)}}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": _cut(text, _HEADING), "emoji": False}


def _escaped(text: str) -> str:
    """Return words that Slack shows as they are: none can mention people or hide an address."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("*", "∗").replace("`", "'")


def _address(link: str) -> str:
    return "".join(sign for sign in link if sign.isprintable() and sign not in "<>| ")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
