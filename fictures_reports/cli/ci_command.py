"""The command `ci`: the step of a CI job, with its inputs as options."""

from __future__ import annotations

import os
from typing import Any

import click

from fictures_reports.cli.ci_inputs import FORMATS, INPUTS


@click.command()
@click.argument("after", required=False)
@click.option("--before", metavar="RUN", help="Compare with this run; it has to be there.")
@click.option(
    "--history", metavar="HISTORY",
    help="Take the run before from here: the last of the branch that the change goes to, else of "
    "the default branch. Only read.",
)  # fmt: skip
@click.option(
    "--store", metavar="HISTORY",
    help="As --history, and the run is then kept here, red ones too, unless it comes from a fork. "
    "A folder, s3://BUCKET/PATH, or branch: an orphan branch fictures-history of the repository "
    "(branch:NAME for another).",
)  # fmt: skip
@click.option("--stream", metavar="NAME", help="The line of runs to stay in, such as a suite's.")
@click.option(
    "--gate", "gates", multiple=True, metavar="EXPR",
    help="A condition such as 'pass_rate >= 85.7%'. Repeatable. Without one, and without one in "
    "the settings, 'regressions == 0'; none asks nothing.",
)  # fmt: skip
@click.option(
    "--outcome", metavar="WORD",
    help="How the test runner's own step ended: success, failure or its exit code. Failed though "
    "no test did, it is a failure.",
)  # fmt: skip
@click.option(
    "--log", metavar="FILE", help="What the runner printed; its end is shown if it failed."
)
@click.option("--partial", is_flag=True, help="AFTER is a selection on purpose.")
@click.option("--rules", metavar="FILE", help="Rule file that comes before the built-in one.")
@click.option("--notes", metavar="FILE", help="Markdown file with your own words.")
@click.option("--format", type=click.Choice(FORMATS), help="The report. Default: html.")
@click.option(
    "-o", "--output", metavar="DIR",
    help=f"Folder for report.html, report.json and report.md. Default: {INPUTS['output']}.",
)  # fmt: skip
@click.option("--summary", metavar="FILE", help="Write the summary there, too.")
@click.option(
    "--comment", metavar="FILE",
    help="Write the comment there; with a token in FICTURES_TOKEN it is left on the pull or merge "
    "request.",
)  # fmt: skip
@click.option("--annotations", metavar="N", help="The most lines to mark. Default: 9.")
@click.option("--allow-incomplete", is_flag=True, help="Pass although results are missing.")
def ci(after: str | None, gates: tuple[str, ...], **options: Any) -> int:
    """Take the step of a CI job: compare, tell everybody, keep the run, exit by the gates.

    Branch, base, commit, attempt and pull request are found in the variables of GitHub, GitLab,
    Jenkins, Azure, Bitbucket and Buildkite. Each option can be given as a variable, too:
    FICTURES_BEFORE, FICTURES_GATES (one a line) and so on. The first run of all passes, with
    'No baseline yet'.

    \b
    Example:
      fictures-reports ci results --store history --outcome "$?"
    """
    from fictures_reports.cli.ci_step import step_in

    given = {"after": after, "gates": "\n".join(gates), **options}
    words = {name: "true" if value is True else value for name, value in given.items() if value}
    own = {f"FICTURES_{name.upper()}": str(value) for name, value in words.items()}
    return step_in({**os.environ, **own})
