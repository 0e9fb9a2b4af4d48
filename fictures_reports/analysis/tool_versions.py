"""Tools and settings that changed between the sides, and what of the news they explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.runner_settings import changed_settings
from fictures_reports.analysis.wording import plain

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.run import Run

#: Keys of a run's environment that name a tool or its version.
_TOOLS: Final = ("version", "plugins", "packages", "python", "platform", "browser", "user_agent")


def drift(c: Comparison) -> pd.DataFrame:
    """Return the settings and versions that differ, settings first: one row each.

    Columns: what, before, after, and `words`: all of it in words, e.g. `retries 2 → 0`.
    """
    import pandas as pd

    settings = [
        (s.full_name, s.before, s.after, s.words) for s in changed_settings(c.before, c.after)
    ]
    settings += _workers(c)
    sides = [_facts(run) for run in (c.before, c.after)]
    names = dict.fromkeys(name for side in sides for name in side)
    rows = [
        (name, *values, f"{name} {' → '.join(map(_written, values))}")
        for name in names
        if (values := [side.get(name) for side in sides])[0] != values[1]
    ]
    # as objects: integers stay integers beside what is missing
    columns = ["what", "before", "after", "words"]
    return pd.DataFrame([*settings, *rows], columns=columns, dtype="object")


def _workers(c: Comparison) -> list[tuple[str, Any, Any, str]]:
    """Return how many workers were asked for, if that changed: it may explain other durations."""
    first, second = (known(run.info.environment.get("workers")) for run in (c.before, c.after))
    if first is None or second is None or first == second:
        return []
    return [("workers", first, second, f"workers {first} → {second}")]


def _written(value: Any) -> str:
    return "not recorded" if known(value) is None else plain(value)


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
