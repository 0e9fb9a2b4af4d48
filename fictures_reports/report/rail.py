"""What a page says beside its views, in the rail: counts at their names, and what was read.

A notebook cell that returns a `Rail` shows its facts in Jupyter; the page puts them into the rail.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

from markupsafe import escape

#: The type under which a cell's output holds it.
RAIL: Final = "application/vnd.fictures.rail+json"


@dataclass(frozen=True)
class Count:
    """What stands at the name of a view: the urgent part first, such as `12` and `of 28`."""

    text: str
    urgent: str = ""


@dataclass(frozen=True)
class Rail:
    """Counts by the address of a view, and facts: a name and the lines below it.

    `kind` says in a word or two what the report is, behind its title.
    """

    kind: str = ""
    counts: Mapping[str, Count] = field(default_factory=dict)
    facts: Sequence[tuple[str, Sequence[str]]] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values: a notebook keeps its outputs as JSON."""
        counts = {view: {"text": c.text, "urgent": c.urgent} for view, c in self.counts.items()}
        facts = [[name, list(lines)] for name, lines in self.facts]
        return {"kind": self.kind, "counts": counts, "facts": facts}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        html = "".join(
            f"<dt>{escape(name)}</dt>{''.join(f'<dd>{escape(line)}</dd>' for line in lines)}"
            for name, lines in self.facts
        )
        text = "; ".join(f"{name}: {', '.join(lines)}" for name, lines in self.facts)
        return {RAIL: self.as_dict(), "text/html": f"<dl>{html}</dl>", "text/plain": text}
