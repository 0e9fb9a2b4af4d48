"""Where the tests ran, as the runners recorded it, and the commands that run all of it again."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.wording import MISSING, duration, moment, plain
from fictures_reports.report.document.document_layout import aligned, section
from fictures_reports.report.markdown_layout import blocks
from fictures_reports.report.terminal_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fictures_reports.report.document.document_input import DocumentInput
    from fictures_reports.run import Run

#: More test files than this are not named in a command.
_MOST_FILES: Final = 10
_SECONDS: Final = "_s"


def environment(d: DocumentInput) -> str:
    """Show what each run recorded of itself; what is the same on both sides is shown once."""
    facts = {label: dict(_facts(run)) for label, run in d.sides.items()}
    names = dict.fromkeys(name for facts_of_run in facts.values() for name in facts_of_run)
    # A label stands in the table's head.
    shown_rows = [list(facts)]
    rows: list[tuple[str, ...]] = []
    for name in names:
        values = [facts_of_run.get(name, MISSING) for facts_of_run in facts.values()]
        if any(values == shown for shown in shown_rows):
            continue  # one fact under two names
        shown_rows.append(values)
        same = len(values) > 1 and len(set(values)) == 1
        rows.append((name, values[0], *("the same" if same else v for v in values[1:])))
    commands = [_rerun_command(d.after), d.command]
    fence = "\n".join(["```console", *(f"$ {one_line(c)}" for c in commands if c), "```"])
    run_again = blocks("To run it again and write this document:", fence) if any(commands) else ""
    return section("Environment", aligned(["recorded", *facts], rows, words=True), run_again)


def _facts(run: Run) -> Iterator[tuple[str, str]]:
    info = run.info
    runner = " ".join(filter(None, (info.producer, info.producer_version)))
    given = {
        "started": moment(info.started_at), "runner": runner, "workers": info.n_workers,
        "shards": info.n_shards, "branch": info.branch, "commit": info.commit,
    }  # fmt: skip
    yield from ((name, str(value)) for name, value in given.items() if value)
    for name, value in _flat(info.environment):
        if name != "workers":
            yield name.replace("_", " "), value


def _flat(facts: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Name the facts of nested tables by the way to them; lists of tables by their names."""
    for name, value in facts.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name} ")
        elif isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
            yield f"{above}{name}", ", ".join(str(v.get("name", plain(v))) for v in value)
        elif name.endswith(_SECONDS) and isinstance(value, int | float):
            yield f"{above}{name.removesuffix(_SECONDS)}", duration(float(value))
        elif isinstance(value, bool):
            yield f"{above}{name}", "yes" if value else "no"
        elif value not in (None, "", []):
            yield f"{above}{name}", plain(value)


def _rerun_command(run: Run) -> str:
    """Return the command that runs the same tests again; "" for a runner without one."""
    runner = (run.info.producer or "").casefold()
    if "playwright" in runner:
        projects = [name for name in dict.fromkeys(run.results["project"]) if name]
        config = run.info.environment.get("config_file")
        named = [f"--config={config}"] if config else []
        words = ["npx", "playwright", "test", *named, *(f"--project={name}" for name in projects)]
        return shlex.join(words)
    for name, words in _RUNNERS.items():
        if name in runner:
            files = sorted({file for file in run.results["file"] if file})
            return shlex.join([*words, *(files if len(files) <= _MOST_FILES else [])])
    return ""


_RUNNERS: Final = {
    "pytest": ["pytest"], "vitest": ["npx", "vitest", "run"], "jest": ["npx", "jest"],
}  # fmt: skip
