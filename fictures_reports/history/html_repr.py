"""How a history shows itself in Jupyter: how much it holds, and its latest runs."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.errors import HistoryError

if TYPE_CHECKING:
    from fictures_reports.history.store import History

_LATEST: Final = 10
#: No colours: a notebook's own do, dark or light. Labels are data, so they never turn around.
_HEADS: Final = ("run", "began (UTC)", "branch", "commit", "results")


def as_html(history: History) -> str:
    """Return a line and a table; what cannot be opened says so, for showing must not raise.

    Only the small table of runs is read.
    """
    name = f"<b>History</b> <code>{escape(history.path)}</code>"
    try:
        if not history.exists:
            return f"<p>{name}: not there yet; <code>append(run)</code> makes it</p>"
        runs = history.runs()
    except HistoryError as error:
        return f"<p>{name}: {escape(str(error))}</p>"
    if runs.empty:
        return f"<p>{name}: no runs yet; <code>append(run)</code> adds one</p>"
    shown = runs.iloc[::-1].head(_LATEST)
    rows = zip(
        shown["label"], shown["run_at"].dt.strftime("%Y-%m-%d %H:%M"), shown["branch"],
        shown["commit"], shown["n_results"], strict=True,
    )  # fmt: skip
    more = len(runs) - len(shown)
    more_line = f"<p>… and {more:,} before; <code>runs()</code> has all</p>" if more else ""
    return f"<p>{name}: {_sum(runs)}</p>{_table(rows)}{more_line}"


def _sum(runs: Any) -> str:
    n, results = len(runs), int(runs["n_results"].sum())
    first, last = (f"{runs['run_at'].iloc[at]:%Y-%m-%d}" for at in (0, -1))
    days = first if first == last else f"{first} to {last}"
    return f"{n:,} run{'s' * (n != 1)}, {results:,} result{'s' * (results != 1)}, {days}"


def _table(rows: Any) -> str:
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"


def _cell(value: Any) -> str:
    if isinstance(value, int):
        return f"<td>{value:,}</td>"
    return f"<td><bdi>{escape(value) if isinstance(value, str) else '–'}</bdi></td>"
