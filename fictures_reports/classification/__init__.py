"""Why tests failed or were skipped: rules as data, and the small engine over them."""

from fictures_reports.classification.classifier import classify
from fictures_reports.classification.explain import dry_run, explain
from fictures_reports.classification.printed_metrics import printed_measurements
from fictures_reports.classification.rule_files import default_rules, load_rules
from fictures_reports.classification.rules import Rule, with_categories_of

__all__ = [
    "Rule",
    "classify",
    "default_rules",
    "dry_run",
    "explain",
    "load_rules",
    "printed_measurements",
    "with_categories_of",
]
