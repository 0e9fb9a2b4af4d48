"""A page without any script: charts as SVG, the list of all cases as tables."""

from __future__ import annotations

from importlib.util import find_spec
from math import inf
from typing import TYPE_CHECKING, Any, Final

import re2
from markupsafe import escape

from fictures_reports.errors import RenderError
from fictures_reports.report.case_list_payload import unpacked
from fictures_reports.report.fragment import fragment

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Pixels of the drawing for a screen and for a phone; the style sheet shows one of them.
WIDTHS: Final = {"wide": 900, "narrow": 340}
#: Without a search nobody reads more rows; the rest is in the table that `--table` writes.
MOST_CASES: Final = 5_000
# Colours by name, so that one drawing is right in light, in dark and on paper. Labels get room for
# a wider font than the one at hand: which one a reader has is not known. The style sheet sets 12.
_LABELS: Final = {
    "labelColor": "var(--ink)", "titleColor": "var(--ink-2)", "labelFontSize": 14,
    "titleFontWeight": "normal",
}  # fmt: skip
_LINE: Final = "var(--line)"
_CONFIG: Final = {
    "background": None, "font": "system-ui, sans-serif", "legend": _LABELS,
    "view": {"stroke": None}, "text": {"color": "var(--ink)"},
    "axis": _LABELS | {"gridColor": _LINE, "domainColor": _LINE, "tickColor": _LINE},
}  # fmt: skip
#: A file of its own has no style sheet: what that sets on a page in daylight.
_PLAIN: Final = {
    "var(--ink)": "#1f2328", "var(--ink-2)": "#59636e", "var(--line)": "#d1d9e0",
    'font-size="14px"': 'font-size="12px"',
}  # fmt: skip
_SCRIPT: Final = re2.compile(r"(?is)<script\b.*?</script\s*>")
# With what stands above the list of what the list leaves out: a static page leaves out more. Its
# icons are for the script.
_CASES: Final = re2.compile(
    r'(?s)(?:<p class="left-out">[^\n]*</p>\s*)?(?:<template class="icons">[^\n]*</template>\s*)?'
    r'<div class="cases"[^>]*>\s*'
    r'<script type="application/json">(.*?)</script>.*?</div>'
    r'(?:\s*<noscript class="listed">.*?</noscript>)?'
)
_ANCHOR: Final = re2.compile(r'<div class="here" id="(case-[0-9a-f]+)">')
_NAMED: Final = re2.compile(r'\bid="|url\(#|href="#')
#: What XML cannot hold: control characters, halves of surrogate pairs and two that are none.
_NOT_XML: Final = dict.fromkeys(
    {*range(0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF} - {ord(c) for c in "\t\n\r"}, "\ufffd"
)


def require() -> None:
    """Raise `RenderError` if what draws charts without a browser is not installed."""
    if find_spec("vl_convert") is None:
        raise RenderError(
            "charts without script are drawn by vl-convert-python, which is not installed: "
            "pip install 'fictures-reports[static]'"
        )


def figure(spec: dict[str, Any], place: int) -> str:
    """Draw a Vega-Lite chart for a screen and for a phone, with its title as a caption.

    `place` tells the drawings of one page apart.
    """
    title = spec.get("title") or ""
    text = title.get("text", "") if isinstance(title, dict) else title
    drawings = [_drawing(spec, name, f"c{place}{name[0]}-", str(text)) for name in WIDTHS]
    return (
        f'<figure class="chart static"><figcaption>{escape(text)}</figcaption>'
        f"{''.join(drawings)}</figure>"
    )


def as_svg(spec: dict[str, Any]) -> str:
    """Draw a Vega-Lite chart as one SVG file, title and white background included.

    Raises `RenderError` where the library is missing or cannot draw it.
    """
    require()
    svg = _svg(spec, "wide", str(spec.get("title")), with_title=True)
    for styled, plain in _PLAIN.items():
        svg = svg.replace(styled, plain)
    return svg


def _drawing(spec: dict[str, Any], name: str, prefix: str, title: str) -> str:
    svg = _svg(spec, name, title)
    # Several drawings share a page: what they refer to by name is named apart.
    svg = _NAMED.sub(lambda found: found[0] + prefix, svg).replace(
        'class="marks"', f'class="{name}" role="img" aria-label="{escape(title or "chart")}"', 1
    )
    return str(_SCRIPT.sub("", svg))


def _svg(spec: dict[str, Any], name: str, title: str, *, with_title: bool = False) -> str:
    import vl_convert

    width = WIDTHS[name]
    sized = {key: value for key, value in spec.items() if key != "title" or with_title}
    if sized.get("width") == "container":
        sized |= {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    # On a phone the names of tests may take less than half of the width.
    sized = _prepared(sized, inf if name == "wide" else round(width * 0.42))
    config: dict[str, Any] = (
        _CONFIG if name == "wide" else _CONFIG | {"legend": _LABELS | {"columns": 2}}
    )
    if with_title:
        config = config | {"background": "white", "title": {"limit": width - 20}}
    try:
        return str(vl_convert.vegalite_to_svg(sized, config=config, allowed_base_urls=[]))
    except ValueError as error:
        reason = str(error).splitlines()[-1].strip()
        raise RenderError(f"the chart {title!r} could not be drawn: {reason}") from error


def _prepared(node: Any, most: float) -> Any:
    """Take out characters that XML has not, and let names be no longer than `most` pixels.

    On such a character the library does not raise, it ends the process.
    """
    if isinstance(node, str):
        return node.translate(_NOT_XML)
    if isinstance(node, list):
        return [_prepared(child, most) for child in node]
    if isinstance(node, dict):
        return {key: _limited(key, _prepared(value, most), most) for key, value in node.items()}
    return node


def _limited(key: str, value: Any, most: float) -> Any:
    return min(value, most) if key == "labelLimit" and isinstance(value, int | float) else value


def html(text: str, anchors: frozenset[str]) -> str:
    """Return a cell's HTML with the list of cases as tables and without script elements."""
    return str(_SCRIPT.sub("", _CASES.sub(lambda found: _listed(found[1], anchors), text)))


def anchors_in(texts: Iterable[str]) -> frozenset[str]:
    """Return the anchors of all cases whose evidence is in these cells."""
    return frozenset(anchor for text in texts for anchor in _ANCHOR.findall(text))


def rows_in(texts: Iterable[str]) -> frozenset[str]:
    """Return the anchors of all cases that have a row in the lists of these cells."""
    lists = [unpacked(data, MOST_CASES)[0] for text in texts for data in _CASES.findall(text)]
    return frozenset(row["id"] for rows in lists for row in rows)


def _listed(data: str, anchors: frozenset[str]) -> str:
    rows, facts = unpacked(data, MOST_CASES)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["change"] or row["status"], []).append(row)
    n_left_out = facts["of"] - len(rows)
    return fragment(
        "cases_static.html.j2", "", groups=groups, anchors=anchors, n_left_out=n_left_out, **facts
    ).html
