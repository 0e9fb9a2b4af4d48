"""Root causes: what each holds, what it touches, and what its author knows or supposes."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.common_facts import advice_for
from fictures_reports.analysis.readiness import advice_by_rule
from fictures_reports.analysis.reasons.human_names import category_name
from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import counted, listed
from fictures_reports.patterns import Pattern
from fictures_reports.report.document.author_places import place
from fictures_reports.report.document.document_layout import bullets, section, subsection
from fictures_reports.report.markdown_text import code, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fictures_reports.report.document.document_input import DocumentInput

#: Causes with a place of their own; the rest stands in the lists.
MOST_CAUSES: Final = 15
_MOST_NAMED: Final = 16
_READ: Final = 6_000
_ADDRESS: Final = Pattern(r"\b(?:https?|wss?)://[^\s\"'`<>)\]},;\\]+", "://")
_CALL: Final = Pattern(r"\b(?:GET|POST|PUT|PATCH|DELETE) /[^\s\"'`<>)\],;\\]*", " /")
_ROUTE: Final = Pattern(
    r"\b(?:(goto|get|post|put|patch|delete|fetch|request)\w*)\(\s*[\"'`](/[^\"'`\n]*)", "('/",
    '("/', "(`/",
)  # fmt: skip
#: Where the next test begins.
_NEXT_TEST: Final = Pattern(r"\b(?:test|it|def test\w*)\(", "test", "it(")
_VERBS: Final = ("get", "post", "put", "patch", "delete")


def root_causes(d: DocumentInput) -> str:
    """Describe each cause of failures and skips that a test has now, the largest first."""
    rows: dict[str, list[Any]] = {}
    for row in d.rows:
        if row.case_id in d.cause_of:
            rows.setdefault(d.cause_of[row.case_id], []).append(row)
    before = _before(d)
    skipped = {
        name for name, failures in rows.items() if all(r.status != "failed" for r in failures)
    }
    names = sorted(rows, key=lambda name: (name in skipped, -len(rows[name])))
    shown_names = [name for name in names if name in d.named_causes]
    first: dict[str, str] = {}
    parts = [_cause(d, name, rows[name], before, first) for name in shown_names[:MOST_CAUSES]]
    return section("Root causes", *parts, _more_causes(len(names) - len(parts))) if parts else ""


def _more_causes(n: int) -> str:
    if not n:
        return ""
    words = "more cause holds few tests" if n == 1 else "more causes hold few tests each"
    return f"{n:,} {words}; *Tests in detail* has them."


def _before(d: DocumentInput) -> dict[str, int] | None:
    """Count the tests of each cause before; None where there is no comparison."""
    if d.comparison is None:
        return None
    flow = d.report.causes.flow
    return {name: int(n) for name, n in zip(flow["name"], flow["before"], strict=True)}


def _cause(
    d: DocumentInput,
    name: str,
    rows: list[Any],
    before: dict[str, int] | None,
    first: dict[str, str],
) -> str:
    """Describe a cause; `first` remembers which one gave an advice before."""
    then = f", {before.get(name, 0):,} before" if before is not None else ""
    supposed = place(d, f"Hypothesis: {name}", lead="**Hypothesis**")
    # one place to write into is enough
    slots = [place(d, f"Cause: {name}", always=len(rows) > 1 and not supposed), supposed]
    facts = [*_kinds(name, rows, first), _affected(rows), _owners(d, name)]
    return subsection(f"{text(name)} ({counted(len(rows), 'test')}{then})", bullets(facts), *slots)


def _kinds(name: str, rows: list[Any], first: dict[str, str]) -> list[str]:
    """Say as what the tests failed or were skipped, and what to look at for each kind."""
    kinds: dict[str, list[Any]] = {}
    for row in rows:
        kinds.setdefault(category_name(known(row.category)) or "not known why", []).append(row)
    advice = advice_by_rule()
    lines = []
    for kind, failures in sorted(kinds.items(), key=lambda pair: -len(pair[1])):
        advised = advice_for(failures[0], advice) if failures[0].status == "failed" else ""
        source = advised and first.setdefault(advised, name)
        look = f": as for “{text(source)}”" if source else ""
        if source == name:
            look = f": {text(advised)}"
        n = f" ({len(failures):,})" if len(kinds) > 1 else ""
        lines.append(f"**{kind[0].upper()}{kind[1:]}**{n}{look}")
    return lines


def _affected(rows: list[Any]) -> str:
    """List addresses, calls and files that the failures speak of."""
    found = list(dict.fromkeys(address for row in rows for address in touched(row)))
    # A route says nothing beside the whole address.
    found = [
        address for address in found if not any(o != address and o.endswith(address) for o in found)
    ]
    files = dict.fromkeys(file for row in rows for file in _files(row))
    named = [code(address) for address in [*found, *files][:_MOST_NAMED]]
    return f"Affected: {', '.join(named)}" if named else ""


def touched(row: Any) -> Iterator[str]:
    """Yield addresses and calls that a failure's text, or the source at its address, speaks of."""
    words = (known(row.message) or "")[:_READ]
    for pattern in (_ADDRESS, _CALL):
        yield from (found[0].rstrip("/.") for found in pattern.finditer(words))
    for found in _ROUTE.finditer(_from_failure_on(known(row.snippet) or "")):
        verb = found[1].lower()
        yield f"{verb.upper()} {found[2]}" if verb in _VERBS else found[2]


def _from_failure_on(snippet: str) -> str:
    """Return the marked line of the source that a producer quotes, and the test's lines below."""
    lines = snippet[:_READ].splitlines()
    marked = next((i for i, line in enumerate(lines) if line.lstrip().startswith(">")), len(lines))
    lines_of_test = takewhile(lambda line: not _NEXT_TEST.search(line), lines[marked:])
    return "\n".join(lines_of_test)


def _files(row: Any) -> Iterable[str]:
    place = (known(row.location) or "").split(":")[0]
    # One file may be named from two folders.
    return filter(None, [row.file, "" if place.endswith(row.file) else place])


def _owners(d: DocumentInput, name: str) -> str:
    blockers = d.readiness.blockers
    owners = [o for n, owners_of_cause in zip(blockers["name"], blockers["owners"], strict=True)
              if n == name for o in owners_of_cause]  # fmt: skip
    return f"Who answers for it: {listed([text(owner) for owner in owners])}" if owners else ""
