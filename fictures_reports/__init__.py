"""What did our tests do, compared with last time, and why?

    import fictures_reports as fr

    c = fr.compare(fr.read_run("runs/before"), fr.read_run("runs/after"))
    c.verdict, c.counts, c.transitions

Names are imported when first used, so that the command line starts without pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from fictures_reports import charts as charts
    from fictures_reports.analysis.compare import Comparison as Comparison
    from fictures_reports.analysis.compare import compare as compare
    from fictures_reports.analysis.gates import Gate as Gate
    from fictures_reports.analysis.gates import check as check
    from fictures_reports.analysis.projection import projection as projection
    from fictures_reports.classification import classify as classify
    from fictures_reports.classification import load_rules as load_rules
    from fictures_reports.errors import ReadError as ReadError
    from fictures_reports.errors import ReportsError as ReportsError
    from fictures_reports.history import History as History
    from fictures_reports.history_analysis.flakiness import flakiness as flakiness
    from fictures_reports.reading import read_run as read_run
    from fictures_reports.reading import read_runs as read_runs
    from fictures_reports.report.document.written_document import document as document
    from fictures_reports.report.rendering.render import render as render
    from fictures_reports.run import Run as Run

    __version__: str

_HOMES: Final = {
    "Comparison": "analysis.compare",
    "Gate": "analysis.gates",
    "History": "history",
    "ReadError": "errors",
    "ReportsError": "errors",
    "Run": "run",
    "charts": "",
    "check": "analysis.gates",
    "classify": "classification",
    "compare": "analysis.compare",
    "document": "report.document.written_document",
    "flakiness": "history_analysis.flakiness",
    "load_rules": "classification",
    "projection": "analysis.projection",
    "read_run": "reading",
    "read_runs": "reading",
    "render": "report.rendering.render",
}
__all__ = [
    "Comparison", "Gate", "History", "ReadError", "ReportsError", "Run", "charts", "check",
    "classify", "compare", "document", "flakiness", "load_rules", "projection", "read_run",
    "read_runs", "render",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("fictures-reports")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _HOMES[name]
    module = import_module(f"{__name__}.{home or name}")
    value = getattr(module, name) if home else module
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
