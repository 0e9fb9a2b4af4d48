"""What the log and the summary of a CI step say of what it concluded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fictures_reports.analysis.wording import named
from fictures_reports.ci.first_run import failing_cases
from fictures_reports.ci.removed_tests import waived_cases
from fictures_reports.cli import inputs
from fictures_reports.cli.ci_inputs import DEFAULT_GATE
from fictures_reports.cli.ci_judgement import NO_GATE, why_incomplete
from fictures_reports.cli.ci_printing import as_markdown
from fictures_reports.cli.faults import FAILED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fictures_reports.ci.shared_comment import Part
    from fictures_reports.cli.ci_inputs import Step
    from fictures_reports.cli.ci_judgement import Judgement


def with_verdict(judgement: Judgement) -> dict[str, Any]:
    """Return the document with a verdict on everything, and what one on a single run lacks.

    `base` is the branch that a change goes to, "" for a build of that branch itself.
    """
    from fictures_reports.analysis.run_verdict import run_verdict
    from fictures_reports.analysis.verdict import files_of_missing_variants

    verdict = judgement.document.get("verdict") or run_verdict(judgement.after)
    first = [f"{words}." for words in (judgement.runner_words, _not_whole(judgement)) if words]
    if judgement.comparison is None:
        first += judgement.base_words[:1]
    document = {"changes": {}, "standings": {}} | judgement.document
    failing = [] if judgement.comparison else failing_cases(judgement.after, judgement.known)
    waived = waived_cases(judgement.comparison) if judgement.comparison else set()
    of_variants = files_of_missing_variants(judgement.comparison) if judgement.comparison else set()
    verdict = " ".join([*first, verdict])
    base = (
        judgement.comparison.base.name if judgement.comparison and judgement.comparison.base else ""
    )
    return document | {
        "verdict": verdict, "failing": failing, "waived": waived,
        "base": "" if base == judgement.after.info.branch else base,
        "of_missing_variants": of_variants, "passed_again": judgement.passed_again,
        "own_errors": judgement.after.info.errors,
    }  # fmt: skip


def _not_whole(judgement: Judgement) -> str:
    """Say that a run which is compared with nothing is not whole; "" where it is.

    A comparison says so itself.
    """
    if judgement.code != FAILED or judgement.comparison is not None:
        return ""
    return why_incomplete(judgement.after, None)


def chosen(judgement: Judgement, printed: str = "") -> list[str]:
    """Say what was compared with what, what came out, and how each gate reads.

    What was `printed` while the run was read is not said again.
    """
    verdict = with_verdict(judgement)["verdict"]
    gates = [f"gate {gate['sentence']}" for gate in judgement.document["gates"]]
    if judgement.comparison is None:
        return [*_words_of_run([judgement.after]), verdict, *judgement.base_words[1:], *gates]
    first, second = _words_of_run([judgement.comparison.before, judgement.after])
    base = [words for words in judgement.base_words if words not in printed]
    return [f"compared {first} with {second}", verdict, *base, *gates]


def _words_of_run(runs: list[Any]) -> list[str]:
    from fictures_reports.report.json_rows import iso

    return [f"{run.label} ({run.run_id}, {iso(run.info.started_at) or '–'})" for run in runs]


def warnings(step: Step, judgement: Judgement) -> list[tuple[str, str]]:
    """Return what the log marks before the tests: (level, words)."""
    from fictures_reports.analysis.run_verdict import none_ran, run_verdict

    gates = judgement.document["gates"]
    notices: list[tuple[str, str]] = []
    if judgement.runner_words:
        notices.append(("error", judgement.runner_words))
    elif judgement.after.info.errors:
        notices.append(("error", _own_errors(judgement)))
    elif judgement.comparison is None and none_ran(judgement.after):
        notices.append(("error", run_verdict(judgement.after)))
    if judgement.code == FAILED:
        notices.append(
            ("error", f"not passed: {why_incomplete(judgement.after, judgement.comparison)}")
        )
    if judgement.not_asked:
        notices.append(("notice", _not_asked(judgement)))
    elif not gates:
        notices.append(("warning", NO_GATE))
    elif not inputs.settings().gates and not step.gates:
        notices.append(
            ("notice", f"no gate was given: asked {DEFAULT_GATE} (gate none: ask nothing)")
        )
    if missed := [_missed(gate) for gate in gates if not gate["holds"]]:
        notices.append(("error", "\n".join(missed)))
    notices += [("warning", words) for words in _itself(judgement)]
    if not judgement.before_runs and not (step.history or step.store):
        notices.append(("warning", judgement.base_words[0]))
    return notices


def _missed(gate: Mapping[str, Any]) -> str:
    reading = "unknown" if gate["reading"] is None else f"{gate['reading']:g}"
    which = named(gate["cases"])
    return "; ".join([
        f"{gate['gate']} not met: {gate['note'] or f'reads {reading}'}{which}", *gate["expired"],
    ])  # fmt: skip


def _not_asked(judgement: Judgement) -> str:
    return f"not asked, for there is nothing to compare with: {'; '.join(judgement.not_asked)}"


def _own_errors(judgement: Judgement) -> str:
    """Return the first error of the run itself, with how many more there are; "" without one."""
    errors = judgement.after.info.errors
    if not errors:
        return ""
    more = f" (and {len(errors) - 1:,} more)" if len(errors) > 1 else ""
    return f"{errors[0].splitlines()[0]}{more}"


def _itself(judgement: Judgement) -> list[str]:
    """Warn of a run compared with itself, of which every gate on changes holds."""
    if judgement.comparison is None or judgement.comparison.before.run_id != judgement.after.run_id:
        return []
    builds = judgement.comparison.before.info.build, judgement.after.info.build
    if all(builds) and builds[0] != builds[1]:
        return []  # two builds with equal results, such as those of a build cache
    words = (
        f"before and after are the same run ({judgement.after.run_id}), so nothing can have "
        "changed; a run goes into the history after it was compared, not before"
    )
    return [words]


def title_of(step: Step, document: Mapping[str, Any]) -> str:
    """Name what was looked at: suite, branch, commit and run, as far as they are known."""
    from fictures_reports.ci.summary import named_run

    return named_run(document, step.build, suite_of(step))


def suite_of(step: Step) -> str:
    """Name the stream and the variant of the job; "" where neither is known."""
    name = inputs.stream_of(step.stream or None).name or ""
    return f"{name or 'Tests'} ({step.variant})" if step.variant else name


def part_of(
    step: Step, judgement: Judgement, document: Mapping[str, Any], kept_words: str, link: str
) -> Part:
    """Return what a job with a variant says in the comment of its build's jobs."""
    from fictures_reports.ci.shared_comment import Part
    from fictures_reports.ci.summary import title
    from fictures_reports.history.builds import without_attempt

    suite = suite_of(replace(step, variant=""))
    short = replace(judgement, markdown="")
    counts = [run.results["variant"].dropna().value_counts() for run in judgement.before_runs[-1:]]
    return Part(
        step.variant,
        without_attempt(step.build.key or ""),
        summary_of(step, short, document, "", kept_words, link, is_part=True),
        f"# {title(document, step.build, suite)}",
        {str(name): int(n) for variants in counts for name, n in variants.items()},
    )


def summary_of(
    step: Step,
    judgement: Judgement,
    document: Mapping[str, Any],
    log: str,
    kept_words: str,
    link: str,
    *,
    is_part: bool = False,
) -> str:
    """Write the summary; `kept_words` say what became of the run, `link` leads to its report."""
    from fictures_reports.ci.summary import summary

    # what stands above the title is not said again below it
    document = {
        **document,
        "verdict": document["verdict"].removeprefix(f"{judgement.runner_words}. "),
    }
    first = [judgement.runner_words or _own_errors(judgement)]
    doubts = [*_itself(judgement), *([] if document["gates"] or judgement.not_asked else [NO_GATE])]
    base = judgement.base_words[0 if judgement.comparison else 1 :]
    words = [*base, *([f"Gates {_not_asked(judgement)}."] if judgement.not_asked else [])]
    return summary(
        document,
        step.build,
        [f"**{as_markdown(sentence)}**" for sentence in first if sentence]
        + [f"**Warning:** {as_markdown(sentence)}" for sentence in doubts],
        judgement.markdown,
        [*words, *([kept_words] if kept_words else [])],
        log,
        suite_of(step),
        link,
        is_part=is_part,
    )
