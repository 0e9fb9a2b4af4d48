"""The steps of an attempt that failed, as its producer tells them, with the failed ones marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fictures_reports.readers.text.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: Steps that a row keeps: the last ones up to the one that failed.
MOST_STEPS: Final = 60
_LONGEST: Final = 200
#: Steps within steps that are followed.
_DEEPEST: Final = 20


class Step(NamedTuple):
    """One step: how deep it lies within others, its title, whether it failed, seconds."""

    depth: int
    title: str
    failed: bool
    seconds: float | None = None


def kept(steps: Iterable[Step]) -> dict[str, Any]:
    """Return what a row keeps of the steps of an attempt; nothing where none failed."""
    found = [step for step in steps if step.title]
    failed = [i for i, step in enumerate(found) if step.failed]
    if not failed:
        return {}
    shown = found[max(0, failed[-1] + 1 - MOST_STEPS) : failed[-1] + 1]
    return {"steps": [_plain(step) for step in shown]}


def _plain(step: Step) -> dict[str, Any]:
    facts: dict[str, Any] = {"title": clean(step.title)[:_LONGEST], "depth": step.depth}
    facts |= {"failed": True} if step.failed else {}
    return facts | ({"seconds": step.seconds} if step.seconds is not None else {})


def nested(steps: Any, depth: int = 0) -> Iterator[Step]:
    """Give the steps of Playwright's JSON, `{"title", "duration", "error", "steps"}`, in order."""
    for one in steps if isinstance(steps, list) and depth < _DEEPEST else ():
        if not isinstance(one, dict) or not isinstance(one.get("title"), str):
            continue
        took = one.get("duration")
        seconds = took / 1000 if isinstance(took, int | float) and 0 <= took < 1e10 else None
        yield Step(depth, one["title"], bool(one.get("error")), seconds)
        yield from nested(one.get("steps"), depth + 1)


def by_parent(steps: Sequence[tuple[str, str, str, bool]]) -> Iterator[Step]:
    """Give steps that name the one around them: (id, parent's id, title, failed), as they began."""
    depths: dict[str, int] = {}
    for name, parent, title, failed in steps:
        depths[name] = min(depths.get(parent, -1) + 1, _DEEPEST)
        yield Step(depths[name], title, failed)
