"""The id of an append: it sorts by time, and no two processes make the same."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from uuid import uuid4


def new_id() -> str:
    """Make an id for one append: microseconds in hexadecimal, so that ids sort by time."""
    return f"{id_at(datetime.now(UTC))}-{os.getpid():x}-{uuid4().hex[:8]}"


def id_at(moment: datetime) -> str:
    """Return what an append's id begins with at a moment."""
    return f"{int(moment.timestamp() * 1e6):x}"
