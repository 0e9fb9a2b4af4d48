"""Any mutation of any sample ends in a frame and a ledger, or in a ReadError; never in a traceback.

`benchmarks/mutate.py` runs the same a hundred thousand times.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fictures_reports.errors import ReadError
from fictures_reports.readers.read import read
from fictures_reports.schema import COLUMN_NAMES, STATUSES

from .conftest import DATA

SAMPLES = sorted(path for path in DATA.rglob("*") if path.is_file())
_KINDS = ("cut", "flip", "splice", "repeat", "drop", "code")
_CODES = ("utf-16", "utf-8-sig", "latin-1", "utf-32")
_SPLICES = (
    b"\x00", b"\xff", b"\x1b[31m", b"<", b"&", b'"', b"{", b"]", b"}", b"<![CDATA[", b"]]>",
    b"<!DOCTYPE a>", b"\xed\xa0\x80", b"NaN", b"1e999", b"\\ud800", b"\r\n", b"<testcase>",
    b"</testsuite>", b"null", b"-1",
)  # fmt: skip


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """Take a sample and cut, flip, splice, repeat or re-encode it, a few times."""
    data = draw(st.sampled_from(SAMPLES)).read_bytes()
    kinds = st.lists(st.sampled_from(_KINDS), min_size=1, max_size=3)
    for kind in draw(kinds):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        data = mutated(data, kind, place, draw(st.integers(0, 255)))
    return data


def mutated(data: bytes, kind: str, place: int, value: int) -> bytes:
    """Change a file in one way, at one place."""
    if kind == "cut":
        return data[:place]
    if kind == "flip":
        return data[:place] + bytes([value]) + data[place + 1 :]
    if kind == "splice":
        return data[:place] + _SPLICES[value % len(_SPLICES)] + data[place:]
    if kind == "repeat":
        return data[:place] + data[max(place - value * 40, 0) :]
    if kind == "drop":
        return data[:place] + data[place + value * 8 :]
    return data.decode("utf-8", "replace").encode(_CODES[value % len(_CODES)], "replace")


def check(path: Path) -> str:
    """Read a file and hold what comes out to the rules; tell whether it was read or refused."""
    try:
        frame, info, ledger = read(path)
    except ReadError as error:
        return _one_line(str(error))
    assert list(frame.columns) == list(COLUMN_NAMES)
    assert set(frame["status"]) <= set(STATUSES)
    assert frame["case_id"].is_unique
    assert ledger["read"].sum() == len(frame)
    assert info.run_id
    return "read"


def _one_line(text: str) -> str:
    assert "\n" not in text
    return "refused"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutations())
def test_any_mutation_is_read_or_refused_in_time(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mutant")
        path.write_bytes(data)
        started = time.perf_counter()
        check(path)
        assert time.perf_counter() - started < 30
