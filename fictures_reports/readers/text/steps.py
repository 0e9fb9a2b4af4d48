"""The steps of an attempt that failed, as its producer wrote them, with the failed ones marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

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


class NestedStep(msgspec.Struct, gc=False):
    """A step of Playwright's JSON; `duration` is in milliseconds."""

    title: str = ""
    duration: float | None = None
    error: Any = None
    steps: tuple[NestedStep, ...] | None = None


def steps_to_keep(steps: Iterable[Step]) -> dict[str, Any]:
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


def nested(steps: Sequence[NestedStep] | None, depth: int = 0) -> Iterator[Step]:
    """Give steps and those within them, in order."""
    for step in steps or () if depth < _DEEPEST else ():
        took = step.duration
        seconds = took / 1000 if took is not None and 0 <= took < 1e10 else None
        yield Step(depth, step.title, bool(step.error), seconds)
        yield from nested(step.steps, depth + 1)


def any_failed(steps: Sequence[NestedStep] | None) -> bool:
    """Tell whether a step failed, or one within it; a loop is quicker here than `any`."""
    for step in steps or ():  # noqa: SIM110
        if step.error or (step.steps and any_failed(step.steps)):
            return True
    return False


def by_parent(steps: Sequence[tuple[str, str, str, bool]]) -> Iterator[Step]:
    """Give steps that name the one around them: (id, parent's id, title, failed), as they began."""
    depths: dict[str, int] = {}
    for name, parent, title, failed in steps:
        depths[name] = min(depths.get(parent, -1) + 1, _DEEPEST)
        yield Step(depths[name], title, failed)
