"""A piece of a report that a notebook cell shows: escaped HTML with a text beside it."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis import result_summary as reasons
from fictures_reports.analysis import wording
from fictures_reports.report.evidence import anchor

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment

#: A link to a case; the page that it stands on knows whether it leads anywhere.
CASE_LINK: Final = re.compile(r'<a href="#(case-[0-9a-f]+)">(.*?)</a>', re.DOTALL)
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


def bytecode_cache() -> BytecodeCache | None:
    """Keep compiled templates where Python keeps compiled modules, if that can be written to."""
    from jinja2 import FileSystemBytecodeCache

    folder = TEMPLATES / "__pycache__"
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=bytecode_cache(),
    )
    for module in (wording, reasons):
        names = [name for name in vars(module) if not name.startswith("_") and name.islower()]
        environment.globals |= {name: getattr(module, name) for name in names}
    environment.globals["anchor"] = anchor
    return environment
