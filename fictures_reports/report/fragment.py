"""A piece of a report that a notebook cell shows: escaped HTML with a text beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis import result_summary, wording
from fictures_reports.analysis.reasons import human_names, reason
from fictures_reports.report.evidence import anchor
from fictures_reports.report.limit_place import limit_place

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES: Final = Path(__file__).parent / "page" / "templates"


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
    return Fragment(_environment().get_template(template).render(**values), text)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,  # a template is filled once or twice: that does not repay its optimiser
    )
    for module in (wording, result_summary, human_names):
        names = [name for name in vars(module) if not name.startswith("_") and name.islower()]
        environment.globals |= {name: getattr(module, name) for name in names}
    environment.globals |= {"anchor": anchor, "reason": reason, "limit_place": limit_place}
    return environment
