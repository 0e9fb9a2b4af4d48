"""What the charts are put together from: axes, colours, tooltips, sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt

from fictures_reports.analysis.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

ROW_PX: Final = 26
#: A chart with more bars than this is no longer read; the tables hold them all.
MOST_BARS: Final = 40
LABEL_PX: Final = 300

SHARE: Final = alt.Axis(format=".0%")
LOG: Final = alt.Axis(tickCount=6)
COUNTS: Final = alt.Axis(tickMinStep=1, format="d", tickCount=10)
NAMES: Final = alt.Axis(labelLimit=LABEL_PX)
TOP_AXIS: Final = alt.Axis(orient="top", labelAngle=0)


def base_chart(data: pd.DataFrame, title: str) -> alt.Chart:
    """Start a chart with a title."""
    return alt.Chart(data, title=alt.Title(title, anchor="start"), width="container")


def layered(data: pd.DataFrame, title: str, height: float, *layers: alt.Chart) -> Any:
    """Put layers over each other, as wide as the page."""
    # The data stands once above the layers, which altair would else compare and merge.
    text = alt.Title(title, anchor="start")
    chart = alt.layer(*layers, data=data)
    return chart.properties(title=text, width="container", height=height)


def leading(now: str, before: str) -> dict[str, Any]:
    """Say by which filter of a page's case list a bar's cases are found: that of its side."""
    rules = [{"when": {"run": "before"}, "set": {before: now}}, {"when": {}, "set": {now: now}}]
    return {"cases": rules}


def slanting(labels: Sequence[str]) -> alt.Axis:
    """Write labels level where they have room, else aslant: on a phone they would overlap."""
    needed = len(labels) * (7 * max(map(len, labels), default=0) + 8)
    return alt.Axis(labelAngle=alt.ExprRef(f"width < {needed} ? -35 : 0"))


def tooltips(*fields: str) -> list[alt.Tooltip]:
    """Show these fields in a tooltip."""
    # As objects: altair looks every bare name up in its schema, which takes longer than the rest.
    return [alt.Tooltip(field) for field in fields]


def largest_of(n_shown: int, n_all: int, name: str) -> str:
    """Say how many are shown of how many."""
    all_of_them = counted(n_all, name)
    return all_of_them if n_shown == n_all else f"the {n_shown} largest of {all_of_them}"


def height_of(n_rows: int) -> int:
    """Return the height in pixels of a chart with so many rows."""
    return max(1, n_rows) * ROW_PX


def colour_scale(
    field: str, palette: dict[str, str], domain: Sequence[str], *, legend: bool = True
) -> alt.Color:
    """Give each value of a field the colour that a palette has for it."""
    return alt.Color(
        f"{field}:N",
        scale=alt.Scale(domain=list(domain), range=[palette[name] for name in domain]),
        legend=alt.Legend(title=None, orient="top") if legend else None,
    )
