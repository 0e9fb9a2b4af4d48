"""Methods of `Run`, `Comparison` and `History` whose work is done by modules above them.

The classes stand low, so that every layer can use them; what they offer as methods (a report, a
comparison's Markdown, flakiness) is worked out higher up. Such a method is looked up here by name
when it is called, and nowhere else.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

#: function → the module that it stands in
HOMES: Final = {
    "narrowed": "analysis.parts",
    "html_of": "report.subject_output",
    "markdown_of_subject": "report.subject_output",
    "junit_of": "exports.junit_verdict",
    "flakiness": "history_analysis.flakiness",
    "incidents": "history_analysis.incidents",
    "timeline": "history_analysis.timeline",
    "render_history": "report.history_output",
}


def call(name: str, *arguments: Any, **options: Any) -> Any:
    """Call one of the functions in `HOMES`, importing its module now."""
    module = import_module(f"fictures_reports.{HOMES[name]}")
    return getattr(module, name)(*arguments, **options)
