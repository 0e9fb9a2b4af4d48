# pyright: strict
"""A script on many runs: what changed in the last week, what is flaky, and whether gates hold.

python examples/weekly.py HISTORY weekly.md
"""

from __future__ import annotations

import sys
from pathlib import Path

import fictures_reports as fr


def main(place: str, target: Path) -> int:
    """Write a summary of the last run beside the week before; 2 if a gate is missed."""
    history = fr.History(place)
    ids = [str(one) for one in history.runs()["run_id"]]
    now = history.run(ids[-1])
    c = fr.compare([history.run(one) for one in ids[-8:-1]], now)
    checked = fr.check(c, ["regressions == 0", "pass_rate >= 50%"])
    lines: list[str] = [c.verdict, repr(checked), c.to_markdown("regressions == 0")]
    flaky = history.flakiness(last=50).query("state == 'flaky'")
    lines += [f"{row.title}: {row.rate:.1%} of {row.n_runs} runs" for row in flaky.itertuples()]
    lines += [str(one) for one in history.incidents(last=50)]
    for status in ("failed", "flaky"):
        part = now.where(status=status)
        lines.append(f"{part.label}: {part.totals['cases']}")
    target.write_text("\n".join(lines), encoding="utf-8")
    now.to_junit(target.with_suffix(".xml"), gates="failed == 0")
    return 0 if checked else 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], Path(sys.argv[2])))
