"""Tools that changed between the sides, and what of the news they explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.run import Run

#: Keys of a run's environment that name a tool or its version.
_TOOLS: Final = ("version", "plugins", "packages", "python", "platform", "browser", "user_agent")


def drift(c: Comparison) -> pd.DataFrame:
    """Return the tools and versions that differ: one row each with what, before and after."""
    import pandas as pd

    sides = [_facts(run) for run in (c.before, c.after)]
    names = dict.fromkeys(name for side in sides for name in side)
    rows = [
        (name, sides[0].get(name), sides[1].get(name))
        for name in names
        if sides[0].get(name) != sides[1].get(name)
    ]
    return pd.DataFrame(rows, columns=["what", "before", "after"])


def reworded(c: Comparison) -> pd.DataFrame:
    """Return cases that fail on both sides with other words but in one cluster: no news.

    Columns: case_id, title, category. A tool that words its messages anew changes the text of
    every failure and the cause of none.
    """
    both = c.named("still_failing")
    same = both["before_category"] == both["after_category"]
    other_words = both["before_message"] != both["after_message"]
    return both[same & other_words][["case_id", "title", "after_category"]].rename(
        columns={"after_category": "category"}
    )


def _facts(run: Run) -> dict[str, Any]:
    info = run.info
    facts: dict[str, Any] = {"producer": info.producer, "producer version": info.producer_version}
    for key, value in info.environment.items():
        if any(word in key.lower() for word in _TOOLS):
            if isinstance(value, dict):
                facts |= {f"{key} {name}": version for name, version in value.items()}
            else:
                facts[key] = value
    return {name: value for name, value in facts.items() if value is not None}
