"""Why tests failed or were skipped: rules as data, and the small engine over them."""

from fictures_reports.classify.explain import dry_run, explain
from fictures_reports.classify.frames import classify
from fictures_reports.classify.rules import Rule, default_rules, load_rules
from fictures_reports.classify.series import printed_measurements

__all__ = [
    "Rule",
    "classify",
    "default_rules",
    "dry_run",
    "explain",
    "load_rules",
    "printed_measurements",
]
