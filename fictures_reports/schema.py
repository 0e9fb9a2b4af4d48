"""The one table: what every column is called, holds, and is measured in.

A frame of results has one row per case and run. Readers fill identity, outcome, time and proof;
`classify` fills why and facts. Unknown is missing (`None`, `<NA>`, `NaN`, `NaT`), never 0 or "".
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

Status = Literal[
    "passed", "failed", "flaky", "skipped", "not_run", "xfailed", "xpassed", "interrupted"
]
#: What a case can be counted as when two runs are laid side by side.
Outcome = Literal["passed", "flaky", "failed", "xfailed", "skipped", "not_run", "absent"]
FailureCategory = Literal[
    "timeout", "fixture_error", "threshold_miss", "element", "assertion", "snapshot",
    "network", "auth", "crash", "code_error", "environment", "unknown",
]  # fmt: skip
OtherCategory = Literal[
    "skipped_ui", "skipped_data", "skipped_environment", "skipped_condition", "skipped_declared",
    "skipped", "not_run", "interrupted", "expected_failure",
]  # fmt: skip
Change = Literal[
    "broken", "arrived_failing", "unmasked", "undeclared", "still_failing", "masked", "vanished",
    "fixed", "gained", "arrived", "still_passing", "lost", "declared", "still_declared",
    "still_skipped", "left", "arrived_skipped",
]  # fmt: skip
Phase = Literal["setup", "call", "teardown", "collection"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
FAILURE_CATEGORIES: Final[tuple[FailureCategory, ...]] = get_args(FailureCategory)
OTHER_CATEGORIES: Final[tuple[OtherCategory, ...]] = get_args(OtherCategory)
CATEGORIES: Final[tuple[str, ...]] = FAILURE_CATEGORIES + OTHER_CATEGORIES
CHANGES: Final[tuple[Change, ...]] = get_args(Change)

#: How a status counts in the 7 × 7 matrix; an unexpected pass passes.
OUTCOME_OF: Final[dict[str, Outcome]] = {
    "passed": "passed", "xpassed": "passed", "flaky": "flaky", "failed": "failed",
    "skipped": "skipped", "xfailed": "xfailed", "not_run": "not_run", "interrupted": "not_run",
}  # fmt: skip
#: Statuses by which a case ran and said something about the code.
RAN: Final = tuple(s for s, o in OUTCOME_OF.items() if o in ("passed", "flaky", "failed"))


class Column(NamedTuple):
    """One column: its name, the group it belongs to, its pandas dtype, its unit and its meaning."""

    name: str
    group: str
    dtype: str
    unit: str
    meaning: str


_ROWS = """
identity | run_id          | str    |     | the run, derived from its content
identity | case_id         | str    |     | the case: file › title path [project] {variant}; repeated cases end in #2, #3 …
identity | test_id         | str    |     | the test as its author wrote it: file › title path
identity | project         | str    |     | Playwright project; "" where the producer has none
identity | variant         | str    |     | where this part of the run ran (system, package, environment); "" where there is only one
identity | file            | str    |     | test file, relative, with forward slashes
identity | line            | Int64  |     | line of the test in its file, from 1
identity | suite           | str    |     | titles or classes around the test, joined by " › "
identity | title           | str    |     | the test's own title, with its parameters
identity | tags            | object |     | list of tags or markers, without @
outcome  | status          | str    |     | passed, failed, flaky, skipped, not_run, xfailed, xpassed or interrupted
outcome  | phase           | str    |     | where it failed: setup, call, teardown or collection
outcome  | n_attempts      | int64  |     | how many times it was tried; 0 if it never started
outcome  | attempts        | object |     | list of attempts in order, each with status, category, duration_s, errors, output and their colours
outcome  | expected_status | str    |     | what the author declared: passed, failed or skipped
time     | started_at      | datetime64[us, UTC] | UTC | start of the first attempt
time     | duration_s      | float64| s   | all attempts together
time     | worker          | Int64  |     | the worker slot that ran it, from 0
time     | shard           | Int64  |     | the shard that ran it, from 1
why      | category        | str    |     | why it failed or was skipped; missing if it passed
why      | rule            | str    |     | the rule that decided
why      | evidence        | str    |     | the words that matched
why      | message         | str    |     | the errors' text, without ANSI codes, code frame and stack
why      | error_type      | str    |     | class of the deciding error, e.g. TimeoutError
why      | location        | str    |     | file:line[:column] where the error was raised
why      | snippet         | str    |     | the source lines around it, as the producer quoted them
why      | attempts_differ | str    |     | the categories of its failed attempts where they are not one: "timeout, then assertion"
why      | signature       | str    |     | the message with its variable parts taken out
facts    | measured        | float64| unit | the number that missed its limit
facts    | comparator      | str    |     | the relation that should have held: < <= > >= ==
facts    | limit           | float64| unit | the limit
facts    | unit            | str    |     | unit of measured and limit: ms, s, %, px, …
facts    | ratio           | float64|     | measured divided by limit
facts    | timeout_s       | float64| s   | the time budget that ran out
facts    | locator         | str    |     | what was looked for or waited for: a locator, a selector or the pattern of an address
facts    | fixture         | str    |     | fixture or hook that failed
facts    | skip_reason     | str    |     | the reason of a skip, as declared or as the test printed it
proof    | stdout          | str    |     | what the test printed
proof    | stderr          | str    |     | what the test printed to standard error
proof    | annotations     | object |     | list of {type, description} that the author or runner attached
proof    | attachments     | object |     | list of {name, content_type, path or body}
proof    | source          | str    |     | file that the row was read from
"""

COLUMNS: Final[tuple[Column, ...]] = tuple(
    Column(name, group, dtype, unit, meaning)
    for group, name, dtype, unit, meaning in (
        [cell.strip() for cell in line.split("|")] for line in _ROWS.strip().splitlines()
    )
)
COLUMN_NAMES: Final[tuple[str, ...]] = tuple(column.name for column in COLUMNS)


def results_frame(columns: Mapping[str, Iterable[Any]]) -> pd.DataFrame:
    """Make a results frame with every column of the schema in its order and dtype.

    Columns that are not given are missing throughout; unknown names raise `KeyError`.
    `started_at` takes epoch seconds (float, `None` for unknown) or datetimes.
    """
    import pandas as pd

    given = {name: list(values) for name, values in columns.items()}
    unknown = given.keys() - set(COLUMN_NAMES)
    if unknown:
        raise KeyError(f"not in the schema: {sorted(unknown)}")
    n_rows = max((len(values) for values in given.values()), default=0)
    index = pd.RangeIndex(n_rows)
    filled = {
        c.name: _column(given[c.name], c.dtype, index)
        if c.name in given
        else _missing(c.dtype, index)
        for c in COLUMNS
    }
    return pd.DataFrame(filled, index=index, copy=False)


def _missing(dtype: str, index: pd.RangeIndex) -> Any:
    """Return a column that nobody gave; most columns of a run drawn by hand are of this kind."""
    if dtype == "object":
        return _column([None] * len(index), dtype, index)  # each row has a list of its own
    return _missing_values(dtype, len(index)).copy()


@lru_cache(maxsize=256)
def _missing_values(dtype: str, n_rows: int) -> Any:
    import pandas as pd

    values = _column([None] * n_rows, dtype, pd.RangeIndex(n_rows))
    return values.array if isinstance(values, pd.Series) else values


def _column(values: list[Any], dtype: str, index: pd.RangeIndex) -> Any:
    """Make a column: an array where that is all there is to it, a series with the index else."""
    import pandas as pd

    if len(values) < len(index):  # what is not there is missing
        given = pd.RangeIndex(len(values))
        return pd.Series(_column(values, dtype, given), given).reindex(index)
    if dtype == "object":
        return pd.Series([[] if v is None else v for v in values], index, dtype=object)
    if dtype.startswith("datetime64"):
        epoch = any(isinstance(v, float | int) for v in values)
        times = pd.to_datetime(values, unit="s" if epoch else None, utc=True)
        return pd.Series(times.as_unit("us"), index)
    if dtype == "int64":
        return pd.Series([v or 0 for v in values], index, dtype=dtype)
    if dtype == "float64":
        return pd.Series(values, index, dtype=dtype)
    return pd.array(values, dtype=_pandas_dtype(dtype))


@cache
def _pandas_dtype(name: str) -> Any:
    from pandas.api.types import pandas_dtype

    return pandas_dtype(name)  # by its name it would be looked up for every column
