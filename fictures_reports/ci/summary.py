"""Whose failure is it, in ten lines: what a job's summary and the comment on a change say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.reasons.human_names import STANDING_TITLES
from fictures_reports.analysis.wording import counted
from fictures_reports.report.markdown_layout import blocks
from fictures_reports.report.markdown_text import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fictures_reports.ci.build import Build

#: Tests that a list names; the details name the others.
MOST: Final = 3
_SHORT: Final = 7


def summary(
    said: Mapping[str, Any],
    build: Build,
    first: Sequence[str] = (),
    details: str = "",
    words: Sequence[str] = (),
    log: str = "",
    suite: str = "",
) -> str:
    """Write the summary: what to know first, title, verdict, lists, missed gates, then details.

    `said` is what `compare --format json` prints, or `run` with a verdict for a run that is
    compared with nothing. `first` are blocks of Markdown, `words` sentences on the base, `log` the
    last lines of the runner's, `suite` the stream and `details` the whole report, which is folded.
    """
    return blocks(
        *first,
        f"# {title(said, build, suite)}",
        f"**{text(said['verdict'])}**",
        "\n".join(_lines(said)),
        text(" ".join(words)),
        _folded("The last lines of the runner's log", _fenced(log)) if log else "",
        _folded("Details", _without_title(details)) if details else "",
    ) + "\n"  # fmt: skip


def title(said: Mapping[str, Any], build: Build, suite: str = "") -> str:
    """Name suite, branch, commit and run, as far as they are known; the run's label else."""
    run = said.get("after") or said["run"]
    facts = build.facts
    commit = facts.commit
    where = [
        suite or ("Tests" if facts.run or facts.branch else ""),
        f"on {facts.branch or facts.tag}" if facts.branch or facts.tag else "",
        f"at {commit[:_SHORT]}" if commit else "",
    ]
    named = text(" ".join(filter(None, where)))
    link = f"[run {text(facts.run)}](<{_address(facts.link)}>)" if facts.link and facts.run else ""
    if facts.run:
        return f"{named}, {link or f'run {text(facts.run)}'}"
    return text(named or run["label"])


def _address(link: str) -> str:
    return "".join(sign for sign in link if sign.isprintable() and sign not in "<> ")


def _lines(said: Mapping[str, Any]) -> Iterator[str]:
    for gate in said["gates"]:
        if not gate["holds"]:
            yield f"- **Gate not met:** {text(gate['sentence'])}"
    outage = next((one for one in said.get("incidents", ()) if one["outage"]), None)
    struck = outage["cases"] if outage else ()
    if outage and (cases := [case for case in _cases(said) if case["case_id"] in struck]):
        name = text(outage["name"] or outage["cause"])
        yield f"- **An outage, {name} ({len(struck)}):** {'; '.join(_named(cases))}"
    for standing, heading in STANDING_TITLES.items():
        own = [case for case in _cases(said) if case["standing"] == standing]
        if cases := [case for case in own if case["case_id"] not in struck]:
            yield f"- **{heading} ({len(cases)}):** {'; '.join(_named(cases))}"
    if flaky := [case for case in _cases(said) if case["newly_flaky"]]:
        yield f"- **Newly flaky ({len(flaky)}):** {'; '.join(_named(flaky))}"
    missing = said.get("missing", {})
    for source in missing.get("sources", ()):
        n = counted(source["cases_before"], "test")
        yield f"- **Missing:** {text(source['source'])} gave {n} before, none now"
    for variant in missing.get("variants", ()):
        yield f"- **Missing:** no result of {text(variant)}"


def _cases(said: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for cases in said.get("changes", {}).values():
        yield from cases


def _named(cases: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for case in cases[:MOST]:
        where = ", ".join(filter(None, (case["project"], case["variant"])))
        name = f"{case['title']} ({where})" if where else case["title"]
        why = " – ".join(
            filter(None, ((case["after"] or {}).get("reason"), case["standing_words"]))
        )
        yield f"{text(name)}: {text(why)}" if why else text(name)
    if len(cases) > MOST:
        yield f"and {len(cases) - MOST:,} more"


def _folded(heading: str, body: str) -> str:
    return f"<details><summary>{heading}</summary>\n\n{body.strip()}\n\n</details>"


def _fenced(log: str) -> str:
    fence = "```"
    while fence in log:
        fence += "`"
    return f"{fence}text\n{log}\n{fence}"


def _without_title(details: str) -> str:
    first, _, rest = details.partition("\n")
    return rest if first.startswith("# ") else details
