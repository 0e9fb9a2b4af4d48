"""Why tests failed or were skipped: rules as data, and the small engine over them."""

from fictures_reports.classify.frames import classify
from fictures_reports.classify.rules import Rule, default_rules, load_rules

__all__ = ["Rule", "classify", "default_rules", "load_rules"]
