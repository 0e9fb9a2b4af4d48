"""Notebook → executed notebook → one file."""
