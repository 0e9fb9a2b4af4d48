"""Places in reports that name files by absolute paths, made relative as other formats have them."""

from __future__ import annotations

from collections.abc import Iterable

from fictures_reports.readers.rows import Row


def relate(rows: Iterable[Row]) -> None:
    """Cut the run's root folder off the locations of errors, where a location shows what it is.

    A test in "a.spec.ts" that failed at "/srv/app/tests/a.spec.ts:3:5" shows "/srv/app/tests/".
    """
    rows = list(rows)
    root = next((found for row in rows if (found := _root(row))), None)
    for row in rows if root else ():
        for attempt in row.attempts:
            for error in attempt.errors:
                if error.location and root:
                    error.location = error.location.removeprefix(root)


def _root(row: Row) -> str | None:
    for attempt in row.attempts:
        for error in attempt.errors:
            path = (error.location or "").rsplit(":", 2)[0]
            if row.file and path.endswith("/" + row.file):
                return path[: -len(row.file)]
    return None
