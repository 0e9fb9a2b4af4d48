"""Notebook → executed notebook → one file."""

from fictures_reports.extras import require

require("report", "a report as HTML, PDF or notebook")
