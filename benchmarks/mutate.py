"""Mutate the sample files of the readers' tests many times and read every mutant.

    python benchmarks/mutate.py [COUNT] [SEED]

Every mutant must end in a frame with its ledger or in a ReadError, within 2 s of CPU time; all
must stay within 200 MB above the start. The last line is for the record: seed, count, outcomes.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.readers.test_mutations import _KINDS, SAMPLES, check, mutated

_LIMIT_S = 2.0
_LIMIT_MB = 200


def _mutant(chance: random.Random, samples: list[bytes]) -> bytes:
    data = chance.choice(samples)
    for _ in range(chance.randint(1, 4)):
        place = chance.randint(0, max(len(data) - 1, 0))
        data = mutated(data, chance.choice(_KINDS), place, chance.randint(0, 255))
    return data


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(count: int = 100_000, seed: int = 20260725) -> int:
    """Run, and exit 1 at the first mutant that breaks a rule; it is kept for looking at."""
    chance, samples = random.Random(seed), [path.read_bytes() for path in SAMPLES]
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mutant")
        for sample in samples:  # imports are no part of what is measured
            path.write_bytes(sample)
            check(path)
        before, slowest = _peak_mb(), 0.0
        for number in range(count):
            path.write_bytes(_mutant(chance, samples))
            started = time.process_time()
            try:
                outcomes[check(path)] += 1
            except Exception:
                kept = Path(f"mutant-{seed}-{number}")
                kept.write_bytes(path.read_bytes())
                print(f"mutant {number} of seed {seed} broke the rules; kept as {kept}")
                raise
            slowest = max(slowest, time.process_time() - started)
            if slowest > _LIMIT_S or _peak_mb() - before > _LIMIT_MB:
                print(
                    f"mutant {number} of seed {seed}: {slowest:.2f} s, {_peak_mb() - before:.0f} MB"
                )
                return 1
        peak = _peak_mb() - before
    told = f"slowest {slowest:.2f} s, {peak:.0f} MB above the start"
    print(f"seed {seed}, {count} mutants: {dict(outcomes)}, {told}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
