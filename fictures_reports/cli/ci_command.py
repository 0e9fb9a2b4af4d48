"""The command `ci`: the step of a CI job, with its inputs as options."""

from __future__ import annotations

import os
from typing import Any

import click

from fictures_reports.cli.ci_inputs import FORMATS, INPUTS


@click.command()
@click.argument("after", nargs=-1)
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
    "--variant", metavar="NAME",
    help="Where the run was made, such as windows: jobs of one build that each take the step with "
    "a name of their own are one run.",
)  # fmt: skip
@click.option(
    "--gate", "gates", multiple=True, metavar="EXPR",
    help="A condition such as 'pass_rate >= 85.7%'. Repeatable. Without one, and without one in "
    "the settings, 'regressions == 0'; none asks nothing.",
)  # fmt: skip
@click.option(
    "--removed", multiple=True, metavar="NAME",
    help="A test that was removed on purpose, or a pattern for some. Repeatable.",
)  # fmt: skip
@click.option(
    "--allow-missing", multiple=True, metavar="NAME",
    help="A variant or file of the run before of which nothing may come any more. Repeatable.",
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
@click.option(
    "--report-link", metavar="URL",
    help="Where the report can be opened, for summary and comment, if the system cannot tell.",
)  # fmt: skip
@click.option(
    "--exports", metavar="NAMES",
    help="What to write for other tools, into the folder: junit, ctrf, slack, badge.",
)  # fmt: skip
@click.option("--annotations", metavar="N", help="The most lines to mark. Default: 9.")
@click.option("--allow-incomplete", is_flag=True, help="Pass although results are missing.")
def ci(**options: Any) -> int:
    """Take the step of a CI job: compare, tell everybody, keep the run, exit by the gates.

    Branch, base, commit, attempt and pull request are found in the variables of GitHub, GitLab,
    Jenkins, Azure, Bitbucket and Buildkite. AFTER is a file, a folder, or several, of which one
    that begins with ! leaves files out. Each option can be given as a variable, too:
    FICTURES_BEFORE, FICTURES_GATES (one a line) and so on. The first run of all passes, with
    'No baseline yet'.

    \b
    Example:
      fictures-reports ci results --store history --outcome "$?"
    """
    from fictures_reports.cli.ci_step import step_in

    from_options = {
        f"FICTURES_{name.upper()}": _as_text(value) for name, value in options.items() if value
    }
    return step_in({**os.environ, **from_options})


def _as_text(value: Any) -> str:
    """Write an option as the variable that it may also be given by: several are lines."""
    if isinstance(value, tuple):
        return "\n".join(value)
    return "true" if value is True else str(value)
