"""Which runs are one: by content, and by build and commit where these are known of both.

Equal content of two builds, or with two commits given, is two runs. In a history the later one of
these gets an id of its own, made of its content's id, build and commit; and of two runs of a stream
with one name the later one gets its attempt, commit or start added.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

#: Column beside the rows of runs: the id of the content, which may differ from the run's in there.
CONTENT: Final = "content_id"
#: Fact of a run file: whether a run of equal content was there before it.
IS_LATER: Final = "is_later"
#: Facts by which two runs of equal content differ.
_TELLING: Final = ("build", "first_commit")
_ID_LENGTH: Final = 12


def is_same(row_a: Mapping[str, Any], row_b: Mapping[str, Any]) -> bool:
    """Tell whether two rows of the table of runs are of one run; content ids as they were read."""
    return row_a["run_id"] == row_b["run_id"] and fits(row_a, row_b)


def fits(row_a: Mapping[str, Any], row_b: Mapping[str, Any]) -> bool:
    """Tell whether nothing that is known of both builds says that they are two."""
    pairs = ((row_a.get(name), row_b.get(name)) for name in _TELLING)
    return all(a is None or b is None or a == b for a, b in pairs)


def n_known(row: Mapping[str, Any]) -> int:
    """Count what is known of the build."""
    return sum(row.get(name) is not None for name in _TELLING)


def free_label(row: Mapping[str, Any], taken: Collection[str]) -> str:
    """Return the label of a run, with as much added as tells it from those that are taken."""
    label = str(row["label"])
    if label not in taken:
        return label
    added = [f"{label}-{addition}" for addition in _additions(row)]
    return next((name for name in added if name not in taken), f"{label}-{row['run_id']}")


def _additions(row: Mapping[str, Any]) -> Iterator[str]:
    attempt = _attempt_of(row.get("build") or "")
    if attempt not in ("", "1"):
        yield f"attempt-{attempt}"
    if row.get("started_at") is not None:
        began = datetime.fromtimestamp(row["started_at"], UTC)
        yield f"{began:%Y-%m-%d}"
        yield f"{began:%Y-%m-%dT%H:%M:%SZ}"
    if row.get("commit"):
        yield str(row["commit"])[:8]
    if attempt:
        yield f"attempt-{attempt}"


def _attempt_of(build: str) -> str:
    """Return the attempt at the end of a build's key; "" where there is none.

    >>> _attempt_of("github:1001/2"), _attempt_of("jenkins:shop-3")
    ('2', '')
    """
    attempt = build.rpartition("/")[2] if "/" in build else ""
    return attempt if attempt.isdecimal() else ""


def told_apart(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give runs of one content ids of their own, and runs with one label other labels.

    The first of several keeps id and label, unless it was put in as a later one.
    """
    ids: set[str] = set()
    labels: dict[Any, set[str]] = {}
    apart = []
    for row in rows:
        is_later = row.get(IS_LATER) or row["run_id"] in ids
        run_id = _own_id(row) if is_later else row["run_id"]
        taken = labels.setdefault(row.get("stream"), set())
        label = free_label(row | {"run_id": run_id} if is_later else row, taken)
        if run_id in ids:  # nothing is known of either build
            run_id = _own_id(row, row.get("ingest_id") or label)
        if (run_id, label) != (row["run_id"], row["label"]):
            row = row | {"run_id": run_id, "label": label}
        ids.add(run_id)
        taken.add(label)
        apart.append(row)
    return apart


def _own_id(row: Mapping[str, Any], *more: str) -> str:
    facts = [row["run_id"], *(row.get(name) or "" for name in _TELLING), *more]
    return sha256("\n".join(facts).encode()).hexdigest()[:_ID_LENGTH]


def labels_of_stream(rows: Iterable[Mapping[str, Any]], stream: str | None) -> set[str]:
    """Return the labels that are taken in a stream."""
    return {row["label"] for row in rows if row.get("stream") == stream}
