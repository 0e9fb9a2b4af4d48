"""The sections of a report, each of which fills one notebook cell."""
