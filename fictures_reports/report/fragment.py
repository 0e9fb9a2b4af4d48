"""A piece of a report that a notebook cell shows: escaped HTML with a text beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from fictures_reports.analysis import result_summary, wording
from fictures_reports.analysis.reasons import human_names, reason
from fictures_reports.report.evidence import anchor
from fictures_reports.report.limit_place import limit_place
from fictures_reports.report.terminal_text import without_controls

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True)
class Fragment:
    """HTML in which every name, message and number was escaped by the template."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        """Say in one line what the HTML shows."""
        return self.text


def fragment(template: str, text: str, **values: Any) -> Fragment:
    """Fill a template of the templates folder; `text` stands in where HTML cannot be shown."""
    return Fragment(without_controls(filled(template, **values)), text)


def filled(template: str, **values: Any) -> str:
    """Fill a template of the templates folder, whose scripts have to stay as they are."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    from fictures_reports.report.page.template_files import environment as with_templates

    environment = with_templates()
    for module in (wording, result_summary, human_names):
        names = [name for name in vars(module) if not name.startswith("_") and name.islower()]
        environment.globals |= {name: getattr(module, name) for name in names}
    environment.globals |= {"anchor": anchor, "reason": reason, "limit_place": limit_place}
    return environment
