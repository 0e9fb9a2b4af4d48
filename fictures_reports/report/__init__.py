"""Notebook → executed notebook → one HTML file."""

from fictures_reports.report.render import render

__all__ = ["render"]
