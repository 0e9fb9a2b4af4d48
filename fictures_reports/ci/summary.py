"""Whose failure is it, in ten lines: what a job's summary and the comment on a change say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.reasons.human_names import STANDING_TITLES
from fictures_reports.analysis.variant_names import is_within
from fictures_reports.analysis.wording import counted, named
from fictures_reports.ci.described_run import SHORT, number
from fictures_reports.ci.first_run import UNCOMPARED
from fictures_reports.report.markdown_layout import blocks
from fictures_reports.report.markdown_text import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fictures_reports.ci.build import Build

#: A standing's heading, in the order in which they matter.
LISTS: Final = {
    UNCOMPARED: "Fails, with nothing to compare with",
    **STANDING_TITLES,
}
#: Changes of a test that ran before and does not now.
_GONE: Final = ("lost", "masked", "vanished")
#: Tests that a list names; the details name the others.
MOST: Final = 3


def summary(
    document: Mapping[str, Any],
    build: Build,
    first: Sequence[str] = (),
    details: str = "",
    words: Sequence[str] = (),
    log: str = "",
    suite: str = "",
    report: str = "",
    *,
    is_part: bool = False,
) -> str:
    """Write the summary: what to know first, title, verdict, lists, missed gates, then details.

    `document` is what `compare --format json` prints, or `run` with a verdict for a run that is
    compared with nothing. `first` are blocks of Markdown, `words` sentences on the base, `log` the
    last lines of the runner's, `suite` the stream and `details` the whole report, which is folded;
    `report` is the address of the report. A part of a comment has no title of its own.
    """
    verdict = document["verdict"]
    return blocks(
        *first,
        "" if is_part else f"# {title(document, build, suite)}",
        f"**{text(verdict)}**",
        "\n".join(_lines(document)),
        " ".join(filter(None, (text(" ".join(words)), _link("The report", report)))),
        folded_log(log).strip(),
        _folded("Details", _without_title(details)) if details else "",
    ) + "\n"  # fmt: skip


def title(document: Mapping[str, Any], build: Build, suite: str = "") -> str:
    """Name suite, branch, commit and run as Markdown, with a link to the run."""
    if not build.facts.run:
        return text(named_run(document, build, suite))
    run = f"run {number(build)}"
    return f"{text(_where(build, suite))}, {_link(run, build.facts.link or '')}"


def named_run(document: Mapping[str, Any], build: Build, suite: str = "") -> str:
    """Name suite, branch, commit and run, as far as they are known; the run's label else."""
    where = _where(build, suite)
    if build.facts.run:
        return f"{where}, run {number(build)}"
    run = document.get("after") or document["run"]
    return where or str(run["label"])


def _where(build: Build, suite: str) -> str:
    facts = build.facts
    parts = [
        suite or ("Tests" if facts.run or facts.branch else ""),
        f"on {facts.branch or facts.tag}" if facts.branch or facts.tag else "",
        f"at {facts.commit[:SHORT]}" if facts.commit else "",
    ]
    return " ".join(filter(None, parts))


def _link(words: str, address: str) -> str:
    """Write a link; the words alone where there is no address, nothing for a report without."""
    if not address:
        return "" if words == "The report" else text(words)
    return f"[{text(words)}](<{_address(address)}>)"


def _address(link: str) -> str:
    return "".join(sign for sign in link if sign.isprintable() and sign not in "<> ")


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    for gate in document["gates"]:
        if not gate["holds"]:
            yield f"- **Gate not met:** {text(_gate(gate, document))}"
    outage = next(
        (incident for incident in document.get("incidents", ()) if incident["outage"]), None
    )
    struck = outage["cases"] if outage else ()
    if outage and (cases := [case for case in _cases(document) if case["case_id"] in struck]):
        name = text(outage["name"] or outage["cause"])
        yield f"- **An outage, {name} ({len(struck)}):** {_named(cases)}"
    for standing, heading in _headings(document).items():
        failing = [case for case in _cases(document) if case["standing"] == standing]
        if cases := [case for case in failing if case["case_id"] not in struck]:
            yield f"- **{heading} ({len(cases)}):** {_named(cases)}"
    if flaky := [case for case in _cases(document) if case["newly_flaky"]]:
        yield f"- **Newly flaky ({len(flaky)}):** {_named(flaky)}"
    if passed_again := document.get("passed_again", ()):
        heading = f"Flaky ({len(passed_again)}), failed in an earlier attempt and passes now"
        yield f"- **{heading}:** {_named(passed_again)}"
    yield from _gone(document)
    yield from _missing(document)


def _headings(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the headings of the lists; for a change they name the branch that it goes to."""
    base = document.get("base", "")
    return LISTS | ({"failing_on_base": f"Fails on {text(base)}, too"} if base else {})


def _gone(document: Mapping[str, Any]) -> Iterator[str]:
    """Name what ran before and does not now: what is skipped, and what is not there any more.

    Nothing where no test ran, and nothing of variants that are missing: that is said as a whole.
    """
    if not (document.get("after") or {"totals": {"cases": 0}})["totals"]["cases"]:
        return
    lists: dict[str, list[Mapping[str, Any]]] = {"No longer runs": [], "No longer there": []}
    variants = document.get("missing", {}).get("variants", ())
    for change in _GONE:
        for case in document.get("changes", {}).get(change, ()):
            if case["case_id"] in document.get("waived", ()):
                continue
            is_there = (case["after"] or {}).get("status") not in (None, "absent")
            if is_there or not any(_is_of(case, variant) for variant in variants):
                lists["No longer runs" if is_there else "No longer there"].append(case)
    for heading, cases in lists.items():
        if cases:
            yield f"- **{heading} ({len(cases)}):** {_named(cases)}"


def _is_of(case: Mapping[str, Any], variant: str) -> bool:
    return is_within(case["variant"] or "", variant)


def _gate(gate: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """Return why a gate is missed, without the tests and errors that are named around it."""
    words = str(gate["sentence"])
    listed = {
        case["case_id"] for case in _cases(document) if case["standing"] or case["newly_flaky"]
    }
    listed |= {case["case_id"] for n in _GONE for case in document.get("changes", {}).get(n, ())}
    if gate["cases"] and listed.issuperset(gate["cases"]):
        words = words.removesuffix(named(gate["cases"]))
    for error in document.get("own_errors", ()):
        words = words.removesuffix(f": {error.splitlines()[0]}")
    return words.replace(": not met, ", ": ", 1).replace(": not met – ", ": ", 1)


def _missing(document: Mapping[str, Any]) -> Iterator[str]:
    """Say what gave results before and none now: variants, then files that are of none of them."""
    missing = document.get("missing", {})
    for variant in missing.get("variants", ()):
        n = sum(_is_of(case, variant) for case in _cases(document))
        before = f" gave {counted(n, 'test')} before, none now" if n else ": no results"
        yield f"- **Missing:** {text(variant)}{before}"
    for source in missing.get("sources", ()):
        if source["source"] not in document.get("of_missing_variants", ()):
            tests = counted(source["cases_before"], "test")
            yield f"- **Missing:** {text(source['source'])} gave {tests} before, none now"


def _cases(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from document.get("failing", ())
    for cases in document.get("changes", {}).values():
        yield from cases


def _named(cases: Sequence[Mapping[str, Any]]) -> str:
    """Name tests, those that say the same of themselves together, and count the others."""
    groups: dict[str, list[str]] = {}
    for case in cases:
        why = " – ".join(filter(None, ((case["after"] or {}).get("reason"), _proof(case))))
        where = ", ".join(filter(None, (case["project"], case["variant"])))
        name = f"{case['title']} ({where})" if where else case["title"]
        groups.setdefault(why, []).append(name)
    texts = []
    for why, names in list(groups.items())[:MOST]:
        named_ones = ", ".join(text(name) for name in names[:MOST])
        more = f" and {len(names) - MOST:,} more" if len(names) > MOST else ""
        texts.append(f"{named_ones}{more}{f': {text(why)}' if why else ''}")
    left = sum(len(names) for names in list(groups.values())[MOST:])
    return "; ".join([*texts, *([f"and {left:,} more"] if left else [])])


def _proof(case: Mapping[str, Any]) -> str:
    """Return what shows whose failure it is, without what the list's heading says."""
    words = str(case["standing_words"] or "")
    _, fails_there, since = words.partition(", too, since ")
    return f"since {since}" if fails_there and case["standing"] == "failing_on_base" else words


def folded_log(log: str) -> str:
    """Fold the last lines of the runner's log behind a heading; "" without any."""
    if not log:
        return ""
    return "\n" + _folded("The last lines of the runner's log", _fenced(log)) + "\n"


def _folded(heading: str, body: str) -> str:
    return f"<details><summary>{heading}</summary>\n\n{body.strip()}\n\n</details>"


def _fenced(log: str) -> str:
    fence = "```"
    while fence in log:
        fence += "`"
    return f"{fence}text\n{log}\n{fence}"


def _without_title(details: str) -> str:
    first, _, body = details.partition("\n")
    return body if first.startswith("# ") else details
