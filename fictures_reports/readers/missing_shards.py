"""Shards that are missing among the files of a run, said in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from fictures_reports.readers.rows import Reading

#: A run of more shards than this is a mistake in the file.
_MOST_SHARDS: Final = 1000


def note_missing_shards(readings: Sequence[Reading]) -> None:
    """Note the shards that are missing, of each variant; the run is incomplete then.

    Where each variant has one shard only, they may be shards whose names were taken for variants.
    """
    by_variant: dict[str, list[Reading]] = {}
    for reading in readings:
        by_variant.setdefault(reading.variant, []).append(reading)
    shards = ({r.shard for r in parts if r.shard} for parts in by_variant.values())
    several = any(len(numbers) > 1 for numbers in shards)
    for variant, parts in by_variant.items() if several else [("", list(readings))]:
        _note_missing_of(variant, parts)


def _note_missing_of(variant: str, readings: Sequence[Reading]) -> None:
    totals = {r.info.n_shards for r in readings if r.shard is not None and r.info.n_shards}
    numbers = {reading.shard for reading in readings}
    of = f" of {variant}" if variant else ""
    for total in totals:
        missing = [str(number) for number in range(1, total + 1) if number not in numbers]
        if missing and total <= _MOST_SHARDS:
            text = f"shard {', '.join(missing)} of {total}{of} is not among the files"
            readings[0].entry.doubts.append(text)
            readings[0].info = msgspec.structs.replace(readings[0].info, incomplete=True)
