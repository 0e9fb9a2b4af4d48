"""The exports by name: the file that a CI step writes, and the function that writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.errors import ReportsError, did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.run import Run

#: name → the file that it is in the folder of a CI step
FILES: Final = {
    "junit": "verdict.xml", "ctrf": "ctrf.json", "slack": "slack.json", "badge": "badge.json",
}  # fmt: skip


def named(text: str) -> list[str]:
    """Return the exports of a list with commas, spaces or lines; raise `ReportsError` for others.

    >>> named("junit, ctrf")
    ['junit', 'ctrf']
    """
    names = list(dict.fromkeys(text.replace(",", " ").split()))
    for name in names:
        if name not in FILES:
            raise ReportsError(f"no export {name!r}{did_you_mean(name, FILES)}")
    return names


def write_export(
    name: str,
    subject: Comparison | Run,
    path: str | Path,
    *,
    link: str = "",
    title: str = "",
    **options: Any,
) -> Path:
    """Write one export and return its path; options are those of `exports.judged_run.judged`.

    `link` and `title` are for those that show them.
    """
    if name == "junit":
        from fictures_reports.exports.junit_verdict import junit_of

        return junit_of(subject, path, **options)
    if name == "ctrf":
        from fictures_reports.exports.ctrf_report import ctrf_of

        return ctrf_of(subject, path, **options)
    if name == "slack":
        from fictures_reports.exports.chat_blocks import slack_of

        return slack_of(subject, path, link=link, title=title, **options)
    from fictures_reports.exports.badge_endpoint import badge_of

    return badge_of(subject, path, **options)
