"""A folder for Pages: the history's report, the latest comparison, its numbers and a badge."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.gates import check
from fictures_reports.errors import NoRuns
from fictures_reports.exports.badge_endpoint import badge_of
from fictures_reports.safe_write import write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.history import History
    from fictures_reports.run import Run

_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }}
  body {{ max-width: 45rem; margin: 3rem auto; padding: 0 1rem; }}
</style>
<h1>{title}</h1>
<p>{verdict}</p>
<ul>
{links}
</ul>
</html>
"""


def pages_of(
    history: History,
    folder: Path,
    *,
    branch: str | None = None,
    stream: str | None = None,
    title: str = "Tests",
    gates: Sequence[str] = (),
    **options: Any,
) -> list[Path]:
    """Write the pages of a history's runs into a folder; return their paths.

    `index.html` leads to `history.html` and `latest.html`, the last run compared with the one
    before; `latest.json` has its numbers and `badge.json` is an endpoint of shields.io. `branch`
    and `stream` choose the runs; further options are those of `check`. Raises `NoRuns` if there
    are none.
    """
    from fictures_reports.report.json_report import payload

    chosen = {name: value for name, value in {"branch": branch, "stream": stream}.items() if value}
    subject = _latest(history, branch, stream)
    run = subject if not hasattr(subject, "after") else subject.after
    folder.mkdir(parents=True, exist_ok=True)
    asked = gates if hasattr(subject, "after") else ()
    pages = {"latest.html": f"The latest run, {run.label}", "history.html": "All runs"}
    history.render(folder / "history.html", **chosen)
    subject.to_html(folder / "latest.html", gates=list(asked))
    numbers = payload(subject, check(subject, asked, **options))
    write(json.dumps(numbers, indent=2, ensure_ascii=False) + "\n", folder / "latest.json")
    badge_of(subject, folder / "badge.json", gates=asked, title=title.lower(), **options)
    links = "\n".join(f'<li><a href="{name}">{escape(words)}</a>' for name, words in pages.items())
    verdict = escape(_verdict(subject))
    text = _PAGE.format(title=escape(title), verdict=verdict, links=links)
    write(text, folder / "index.html")
    names = ("index.html", *pages, "latest.json", "badge.json")
    return [folder / name for name in names]


def _verdict(subject: Comparison | Run) -> str:
    from fictures_reports.analysis.run_verdict import run_verdict

    return str(getattr(subject, "verdict", None) or run_verdict(subject))  # type: ignore[arg-type]


def _latest(history: History, branch: str | None, stream: str | None) -> Comparison | Run:
    """Compare the last run with the one before it; the only one stands alone."""
    from fictures_reports.analysis.compare import compare

    selector = f"branch:{branch}" if branch else "latest"
    last = history.run(selector, stream=stream)
    try:
        return compare(history.run(f"{selector}~1", stream=stream), last)
    except NoRuns:
        return last
