"""Notebook → executed notebook → one HTML file; or the same numbers as Markdown, JSON and rows."""
