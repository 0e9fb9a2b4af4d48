"""The commands over flaky tests that are put aside for a while: `quarantine propose` and `list`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from fictures_reports.cli.inputs import settings, stream_in, stream_of
from fictures_reports.cli.output import print_text, say, write
from fictures_reports.cli.owners import owner_of
from fictures_reports.errors import NoRuns

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.run import Run
    from fictures_reports.settings import Settings

_RUNNERS: Final = ("pytest", "playwright")

_runs = click.argument("history", metavar="RUNS-OR-HISTORY")
_output = click.option("-o", "--output", type=click.Path(path_type=Path), help="Write there.")
_branch = click.option("--branch", help="Only runs of this branch.")
_stream = click.option("--stream", metavar="NAME", help="Only runs of this stream.")
_runner = click.option(
    "--for", "runner", type=click.Choice(_RUNNERS),
    help="Write what makes the runner leave the tests out: arguments for pytest, one a line, or "
    "a pattern for Playwright's --grep-invert.",
)  # fmt: skip


@click.group()
def quarantine() -> None:
    """Put flaky tests aside as known issues with an owner and a last day, and keep the list."""


@quarantine.command()
@_runs
@_output
@click.option(
    "--format", "kind", type=click.Choice(["toml", "table", "json"]), default="toml",
    show_default=True, help="toml is for the settings.",
)  # fmt: skip
@_runner
@click.option("--last", type=click.IntRange(1), default=100, show_default=True, help="Newest runs.")
@click.option("--since", metavar="DAY", help="Only runs from this day on, such as 2025-11-02.")
@_branch
@_stream
@click.option("--days", type=click.IntRange(1), help="Days to expiry; default: settings, then 14.")
@click.option("--most", type=click.IntRange(0), help="At most so many; default: settings, then 10.")
@click.option(
    "--exclude", multiple=True, metavar="PATTERN",
    help="Never propose such cases, files or titles, beside those of the settings. Repeatable.",
)  # fmt: skip
@click.option(
    "--checkout", type=click.Path(path_type=Path, file_okay=False), default=Path(),
    help="Folder whose CODEOWNERS names the owners. Default: the current one.",
)  # fmt: skip
def propose(history: str, output: Path | None, kind: str, runner: str | None, **given: Any) -> int:
    """Propose known issues for the flaky tests of a history, the one that fails most often first.

    Only tests that fail and pass without a reason in the code are proposed, not broken ones. What
    is written belongs into the settings, once somebody has looked at it.

    \b
    Example:
      fictures-reports quarantine propose history --most 5 --exclude '*checkout*'
    """
    from fictures_reports.history import open_history
    from fictures_reports.report import quarantine_output as written

    chosen = {name: given[name] for name in ("last", "since", "branch")}
    chosen["stream"] = stream_in(history, stream_of(given["stream"]))
    config, rows = settings(), open_history(history, **chosen)
    found = _proposed(rows, config, given)
    most = config.quarantine.most if given["most"] is None else given["most"]
    if len(found) > most:
        say(f"{len(found) - most} more flaky tests are not proposed: at most {most} (--most)")
    found = found.head(most)
    _say_unowned(found)
    if runner:
        write(_listed(runner, found, rows), output)
    elif kind == "table":
        _print(written.proposals_table(found), output)
    else:
        is_toml = kind == "toml"
        write(written.as_toml(found) if is_toml else written.as_json(found, "proposals"), output)
    return 0


def _proposed(rows: pd.DataFrame, config: Settings, given: dict[str, Any]) -> pd.DataFrame:
    from fictures_reports.analysis.known_issues import issues, today
    from fictures_reports.history_analysis.quarantine import proposals

    return proposals(
        rows,
        today(),
        days=given["days"] or config.quarantine.days,
        excluded=(*config.quarantine.exclude, *given["exclude"]),
        issues=issues(config.known_issues),
        owner_of=owner_of(rows, config, given["checkout"]),
    )


def _say_unowned(found: pd.DataFrame) -> None:
    from fictures_reports.history_analysis.quarantine import NOBODY

    if n := int((found["owner"] == NOBODY).sum()):
        say(f"nobody is named for {n} of {len(found)}: see CODEOWNERS, or the settings' areas")


@quarantine.command(name="list")
@_runs
@_output
@click.option(
    "--format", "kind", type=click.Choice(["table", "json"]), default="table", show_default=True
)
@_runner
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="Newest runs.")
@_branch
@_stream
def list_issues(
    history: str, output: Path | None, kind: str, runner: str | None, **given: Any
) -> int:
    """Say of each known issue of the settings whether it is used, expired or passing now.

    RUNS-OR-HISTORY is a history, or what holds runs: the last ones are looked at. With --for, the
    tests that issues name by case or test are written, expired ones not among them.

    \b
    Example:
      fictures-reports quarantine list history
      fictures-reports quarantine list history --for pytest -o quarantine.txt
    """
    import pandas as pd

    from fictures_reports.analysis.known_issues import issues, today
    from fictures_reports.history_analysis.quarantine_life import life
    from fictures_reports.report import quarantine_output as written

    config = settings()
    runs = _last_runs(history, config, given)
    found = life(runs, issues(config.known_issues), today())
    if runner:
        named = found[(found["case"].notna() | found["test"].notna())]
        ids = {case for cases in named[named["state"] != "expired"]["cases"] for case in cases}
        rows = pd.concat([run.results for run in runs], ignore_index=True)
        cases = rows[rows["case_id"].isin(ids)].drop_duplicates("case_id")
        write(_listed(runner, cases, rows), output)
    elif kind == "table":
        _print(written.life_table(found) if len(found) else "no known issues\n", output)
    else:
        write(written.as_json(found, "known_issues"), output)
    return 0


def _last_runs(source: str, config: Settings, given: dict[str, Any]) -> list[Run]:
    """Read the last runs of a history, of a folder of runs, or one run."""
    from dataclasses import replace

    from fictures_reports.history import History
    from fictures_reports.reading import read_run, read_runs

    store, last, branch = History(source), given["last"], given["branch"]
    if store.is_remote or store.exists:
        stream = stream_in(source, stream_of(given["stream"]))
        ids = store.runs(last=last, branch=branch, stream=stream)["run_id"]
        runs = [store.run(run) for run in ids]
    elif Path(source).is_dir():
        runs = [r for r in read_runs(source) if branch in (None, r.info.branch)][-last:]
    else:
        runs = [read_run(source)]
    if not runs:
        raise NoRuns(f"{source}: no run{f' of branch {branch!r}' if branch else ''} to look at")
    return [replace(run, groups=config.causes) for run in runs]


def _listed(runner: str, cases: pd.DataFrame, rows: pd.DataFrame) -> str:
    """Write the list of a runner for some cases; `rows` are all results that are known."""
    from fictures_reports.report.deselection import for_playwright, for_pytest

    known = rows.drop_duplicates("case_id")
    wanted = known[known["case_id"].isin(cases["case_id"])]
    if runner == "playwright":
        return for_playwright(wanted) + "\n"
    arguments, refused = for_pytest(wanted, known[~known["case_id"].isin(cases["case_id"])])
    for name, longer in refused:
        say(
            f"{name} is not deselected: pytest would leave {longer} out, too, whose id begins alike"
        )
    return "".join(f"{argument}\n" for argument in arguments)


def _print(text: str, output: Path | None) -> None:
    if output is None:
        print_text(text)
    else:
        write(text, output)
