"""A run or a comparison written as a page, a notebook or Markdown: the methods of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.compare import Comparison
from fictures_reports.errors import RenderError
from fictures_reports.guards import need_options, path_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fictures_reports.run import Run

#: What may be said of gates beside their expressions.
OF_CHECK: Final = ("areas", "known_issues", "allow_incomplete")
_ENDINGS: Final = (".html", ".htm", ".ipynb", ".pdf")


def html_of(subject: Comparison | Run, path: str | Path, **options: Any) -> Path:
    """Render the report and return the path written; `options` are those of `render`.

    Raises `RenderError` for another ending than .html, .htm, .ipynb or .pdf, and for a comparison
    that knows its base branch where no `history` is given to know it again from.
    """
    if path_of(path, "the page's path").suffix not in _ENDINGS and "format" not in options:
        raise RenderError(f"{path}: a page ends in {', '.join(_ENDINGS)}")
    from fictures_reports.report.rendering.render import OPTIONS, render

    need_options(options, OPTIONS, "to_html")
    if not isinstance(subject, Comparison):
        return render("run", output=path, run=subject, **options)
    if subject.base is not None and not options.get("history"):
        raise RenderError(
            "the comparison knows its base branch, which the page takes from a history: "
            "expected history=…"
        )
    return render("comparison", output=path, **_as_given(subject), **options)


def markdown_of_subject(
    subject: Comparison | Run, gates: str | Sequence[str] = (), **options: Any
) -> str:
    """Write the report as Markdown; `options` are those of `check`."""
    from fictures_reports.analysis.gates import check
    from fictures_reports.report.markdown import markdown

    need_options(options, OF_CHECK, "to_markdown")
    beside = {name: options[name] for name in ("areas", "known_issues") if name in options}
    return markdown(subject, check(subject, gates, **options), **beside)


def _as_given(c: Comparison) -> dict[str, Any]:
    """Return what `render` needs to make the comparison again."""
    given = dict(c.given)
    *earlier_before, before = given.pop("before")
    *earlier_after, after = given.pop("after")
    issues = [
        {name: value for name, value in vars(issue).items() if value is not None}
        for issue in c.known_issues
    ]
    sides = {"before": before, "after": after}
    earlier = {"earlier_before": earlier_before, "earlier_after": earlier_after}
    return given | sides | earlier | ({"known_issues": issues} if issues else {})
