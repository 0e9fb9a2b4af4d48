"""Many files on several cores: each further core gets a process that reads its share.

The children run this module (`python -m`), so nothing of the caller's program is imported again
and nothing is forked; they send columns back as MessagePack. A child that fails costs only time:
its share is read here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from fictures_reports.readers.columns import Block
from fictures_reports.readers.rows import LedgerEntry, Reading, Row, RunInfo
from fictures_reports.readers.sources import Source

#: Below this a second process costs more than it saves.
_FEWEST_FILES = 150
_FEWEST_BYTES = 500_000
#: So many files are read here before a child has started.
HEAD_START = 60
_MOST_PROCESSES = 8


class Packed(msgspec.Struct):
    """What became of one file, on its way between processes."""

    block: Block | None = None
    info: RunInfo | None = None
    entry: LedgerEntry | None = None
    shard: int | None = None


Outcome = Reading | LedgerEntry | None
_PACKED = msgspec.msgpack.Decoder(list[Packed])


def n_processes(sources: Sequence[Source]) -> int:
    """Tell on how many processes these files are read best; 1 is this one alone."""
    plain = [source for source in sources if source.path is not None]
    if len(plain) < _FEWEST_FILES or sum(source.size for source in plain) < _FEWEST_BYTES:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(cores or 1, _MOST_PROCESSES) if sys.executable else 1


class Child:
    """A process that reads a share of the files."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = sources
        command = [sys.executable, "-m", "fictures_reports.readers.parallel"]
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        shares = [(source.name, str(source.path), str(source.base or "")) for source in sources]
        assert self._process.stdin is not None  # noqa: S101
        try:
            self._process.stdin.write(msgspec.msgpack.encode(shares))
            self._process.stdin.close()
        except OSError:  # it did not even start; `outcomes` will see that
            pass

    def outcomes(self) -> list[Outcome] | None:
        """Wait for the share; None if the process failed."""
        assert self._process.stdout is not None  # noqa: S101
        with self._process.stdout as stream:
            data = stream.read()
        if self._process.wait() != 0:
            return None
        try:
            packed = _PACKED.decode(data)
        except msgspec.DecodeError:
            return None
        return [_unpacked(one) for one in packed] if len(packed) == len(self.sources) else None

    def stop(self) -> None:
        """End the process if it still runs, and let go of it."""
        if self._process.poll() is None:
            self._process.kill()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.wait()


def _unpacked(packed: Packed) -> Outcome:
    if packed.info is None or packed.entry is None:
        return packed.entry
    rows: Iterable[Row] = [] if packed.block is None else packed.block
    return Reading(rows, packed.info, packed.entry, packed.shard)


def _pack(outcome: Outcome) -> Packed:
    if isinstance(outcome, Reading):
        rows = outcome.rows if isinstance(outcome.rows, Block) else list(outcome.rows)
        block = rows if isinstance(rows, Block) else Block.of(rows) if rows else None
        return Packed(block, outcome.info, outcome.entry, outcome.shard)
    return Packed(entry=outcome)


def main() -> None:
    """Read the files named on standard input and write what became of them to standard output."""
    import atexit
    import gc

    from fictures_reports.readers import read_file
    from fictures_reports.readers.sources import plain_source

    gc.disable()
    atexit.register(gc.freeze)
    shares = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=list[tuple[str, str, str]])
    outcomes = [
        read_file(plain_source(Path(path), Path(base) if base else None), alone=False)
        for _, path, base in shares
    ]
    sys.stdout.buffer.write(msgspec.msgpack.encode([_pack(outcome) for outcome in outcomes]))


if __name__ == "__main__":
    main()
