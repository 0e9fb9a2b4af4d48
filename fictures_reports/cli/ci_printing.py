"""Print what a job's log shows, so that no word of a test or file commands the runner."""

from __future__ import annotations

from typing import Final

from fictures_reports.cli import output

#: What begins a command of Azure's agent, wherever it stands in a line.
_OF_AZURE: Final = ("##vso[", "##[")


def reads_commands(system: str) -> bool:
    """Tell whether a CI system reads GitHub's commands in a log; elsewhere they are odd words."""
    return system == "github"


def quote(system: str, *texts: str) -> None:
    """Print what was said; words of tests and file names in it must not command the runner."""
    from fictures_reports.report.github_text import without_commands

    if reads_commands(system):
        print_line(without_commands(*texts))
    else:
        print_line(_plain("\n".join(text.rstrip() for text in texts)))


def command(system: str, name: str, words: str) -> None:
    """Print what the job should see: as a command where GitHub's runner reads it, else as words."""
    from fictures_reports.report.github_text import command as command_of

    if reads_commands(system):
        print_line(command_of(name, words, title="fictures-reports"))
        return
    lines = _plain(words).splitlines()
    print_line("\n".join(f"fictures-reports: {name}: {line}" for line in lines))


def _plain(words: str) -> str:
    """Return words that no runner obeys."""
    from fictures_reports.report.terminal_text import printable

    text = printable(words).rstrip()
    for sign in _OF_AZURE:
        text = text.replace(sign, sign.replace("##", "# #"))
    return text


def print_line(line: str) -> None:
    """Print one line of the step's own."""
    output.write(f"{line}\n", None)


def as_markdown(words: str) -> str:
    """Return foreign words as Markdown that shows them as they are."""
    from fictures_reports.report.markdown_text import text

    return text(words)
