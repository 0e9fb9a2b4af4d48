"""A section of a report: one topic, its values once, and each form that a report can have.

Every form has to be given: who adds a section says how a page, Markdown and JSON show it, or that
one of them leaves it out, and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from markupsafe import escape

from fictures_reports.analysis.reasons.human_names import naming, own_category_names
from fictures_reports.report.fragment import Fragment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

#: what a report is made from: `ReportInput`, or `Findings` of a history
Input = TypeVar("Input")
#: what a section says, before it has any form
Values = TypeVar("Values")


@dataclass(frozen=True)
class LeftOut:
    """Stands where a section leaves a form out on purpose."""

    why: str


@dataclass(frozen=True)
class Section(Generic[Input, Values]):
    """One topic in three forms, all made from what `values` returns.

    Called with a report's input, a section returns its HTML, as a notebook cell shows it.
    """

    name: str
    #: None where this input gives the section nothing to say: then no form has it
    values: Callable[[Input], Values | None]
    html: Callable[[Values], Fragment | None] | LeftOut
    #: blocks joined by empty lines; "" for nothing
    markdown: Callable[[Values], str] | LeftOut
    #: keys of the report's JSON object
    json: Callable[[Values], Mapping[str, Any]] | LeftOut

    def __call__(self, report: Input) -> Fragment | None:
        """Return the section as HTML; None where it has nothing to say."""
        return _form(self.html, self.values, report)

    def as_markdown(self, report: Input) -> str:
        """Return the section as Markdown; "" where it has nothing to say."""
        return _form(self.markdown, self.values, report) or ""

    def as_json(self, report: Input) -> Mapping[str, Any]:
        """Return the section's keys of the JSON object; none where it has nothing to say."""
        return _form(self.json, self.values, report) or {}

    def as_both(self, report: Input) -> tuple[str, Mapping[str, Any]]:
        """Return `as_markdown` and `as_json`, of values that are worked out once."""
        found: list[Values | None] = []

        def values(report: Input) -> Values | None:
            if not found:
                found.append(self.values(report))
            return found[0]

        words = _form(self.markdown, values, report) or ""
        return words, _form(self.json, values, report) or {}


Shape = TypeVar("Shape")


def _form(
    form: Callable[[Values], Shape] | LeftOut,
    values: Callable[[Input], Values | None],
    report: Input,
) -> Shape | None:
    if isinstance(form, LeftOut):
        return None
    with naming(names_of_own_categories(report)):
        found = values(report)
        return None if found is None else form(found)


def names_of_own_categories(report: Any) -> dict[str, str]:
    """Return what a report, or the findings of a history, call the categories of their rules."""
    if categories := getattr(report, "own_categories", ()):
        return {category.id: category.called for category in categories}
    return own_category_names(getattr(report, "sides", {}).values())


def markdown_of(sections: Sequence[Section[Input, Any]], report: Input) -> str:
    """Write what sections say of a report as one Markdown text."""
    return _together(section.as_markdown(report) for section in sections)


def _together(blocks: Iterable[str]) -> str:
    return "\n\n".join(filter(None, blocks)) + "\n"


def json_of(sections: Sequence[Section[Input, Any]], report: Input) -> dict[str, Any]:
    """Collect what sections say of a report as the keys of one JSON object."""
    return {key: value for section in sections for key, value in section.as_json(report).items()}


def both_of(sections: Sequence[Section[Input, Any]], report: Input) -> tuple[str, dict[str, Any]]:
    """Return what `markdown_of` and `json_of` return, in about half the time."""
    parts = [section.as_both(report) for section in sections]
    numbers = {key: value for _, keys in parts for key, value in keys.items()}
    return _together(words for words, _ in parts), numbers


def joined(*fragments: Fragment | None) -> Fragment:
    """Put fragments one below the other, so that one notebook cell shows several sections."""
    shown = [fragment for fragment in fragments if fragment is not None]
    return Fragment("".join(f.html for f in shown), "; ".join(f.text for f in shown))


def folded(title: str, *fragments: Fragment | None, hint: str = "") -> Fragment | None:
    """Fold what a cell shows behind a title; nothing where there is nothing to show."""
    shown = joined(*fragments)
    if not shown.html.strip():
        return None
    small = f" <small>{escape(hint)}</small>" if hint else ""
    head = f"<summary><b>{escape(title)}</b>{small}</summary>"
    return Fragment(f'<details class="fold about">{head}{shown.html}</details>', shown.text)
