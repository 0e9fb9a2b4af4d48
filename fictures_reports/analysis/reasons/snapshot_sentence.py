"""How a picture or a stored text differs from its snapshot.

250 px differ (1 %) from front.png
"""

from __future__ import annotations

from typing import Final

from fictures_reports.failures.shown_values import shortened
from fictures_reports.patterns import Pattern

_PIXELS = Pattern(
    r"(?P<n>[0-9]{1,12}) pixels(?: \(ratio (?P<ratio>[0-9.]{1,8}) of all image pixels\))? are"
    r" different",
    " pixels",
)
_SIZES = Pattern(
    r"Expected an image (?P<w>[0-9]{1,6})px by (?P<h>[0-9]{1,6})px, received"
    r" (?P<w2>[0-9]{1,6})px by (?P<h2>[0-9]{1,6})px",
    "Expected an image ",
)
_NAME = Pattern(
    r"(?:Expected: |Snapshot: |doesn't exist at |snapshot at )[^\n]*?(?P<name>[^\s/\\]+\.\w+)"
    r"(?:$|, writing)",
    "Expected: ", "Snapshot: ", "exist at ", "snapshot at ",
)  # fmt: skip
_JEST = Pattern(r"Snapshot name: `(?P<name>[^`\n]+)`", "Snapshot name: ")
_NONE_YET: Final = (
    "snapshot doesn't exist",
    "no existing snapshot",
    "New snapshot was not written",
)


def differs(message: str) -> str:
    """Say how a snapshot differs, as far as the failure shows it; "" where it does not."""
    name = _name(message)
    if any(words in message for words in _NONE_YET):
        return f"no snapshot {name} yet" if name else "no snapshot yet"
    behind = f" from {name}" if name else ""
    parts = [part for part in (_sizes(message), _pixels(message)) if part]
    if parts:
        return f"{', '.join(parts)}{behind}"
    return f"differs{behind}" if name else ""


def _pixels(message: str) -> str:
    found = _PIXELS.search(message)
    if not found:
        return ""
    n = int(found["n"])
    share = float(found["ratio"]) if found["ratio"].replace(".", "", 1).isdigit() else 0.0
    behind = f" ({share * 100:.0f} %)" if share >= 0.01 else ""
    return f"{n:,} px {'differs' if n == 1 else 'differ'}{behind}"


def _sizes(message: str) -> str:
    found = _SIZES.search(message)
    if not found:
        return ""
    return f"{found['w2']} × {found['h2']} px instead of {found['w']} × {found['h']} px"


def _name(message: str) -> str:
    found = _NAME.search(message) or _JEST.search(message)
    return shortened(found["name"]) if found else ""
