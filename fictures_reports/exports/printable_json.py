"""JSON for other tools, in which no text is a command or reorders what stands around it."""

from __future__ import annotations

import json
from typing import Any

from fictures_reports.report.terminal_text import printable_values


def as_json(document: dict[str, Any]) -> str:
    """Write a document without control characters and marks of direction in its texts."""
    text = json.dumps(printable_values(document), indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n"
