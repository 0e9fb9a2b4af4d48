"""Why a test failed or was skipped, as a person would say it: one line from category and facts."""

from fictures_reports.analysis.reasons.reason_line import reason

__all__ = ["reason"]
