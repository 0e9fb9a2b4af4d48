"""Print what a job's log shows, so that no word of a test or file commands the runner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.cli import output

if TYPE_CHECKING:
    from fictures_reports.cli.ci_inputs import Step


def quote(*texts: str) -> None:
    """Print what was said; words of tests and file names in it must not command the runner."""
    from fictures_reports.report.github_text import without_commands

    print_line(without_commands(*texts))


def command(step: Step | None, name: str, words: str) -> None:
    """Print what the job should see: as a command where GitHub's runner reads it, else as words."""
    from fictures_reports.report.github_text import command as command_of
    from fictures_reports.report.terminal_text import printable

    if step is not None and step.build.system not in ("", "github"):
        print_line(
            "\n".join(f"fictures-reports: {name}: {one}" for one in printable(words).splitlines())
        )
        return
    print_line(command_of(name, words, title="fictures-reports"))


def print_line(line: str) -> None:
    """Print one line of the step's own."""
    output.write(f"{line}\n", None)


def as_markdown(words: str) -> str:
    """Return foreign words as Markdown that shows them as they are."""
    from fictures_reports.report.markdown_text import text

    return text(words)
