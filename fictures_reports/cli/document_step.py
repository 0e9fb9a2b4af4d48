"""The step that writes a phase document: in the place of an older one, whose edits it keeps."""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING, Any, Final

import click

from fictures_reports.cli.format_options import RENDERED
from fictures_reports.cli.output import say, write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.report.document.document_input import DocumentInput
    from fictures_reports.run import Run

option = click.option(
    "--document",
    is_flag=True,
    help="Write the phase document, to commit beside the tests: Markdown with charts beside it, a "
    "page of it, pdf, or docx by pandoc. One that is written again keeps what was edited between "
    "its marks.",
)
_VALUES: Final = ("rules", "notes", "history", "stream")
_FLAGS: Final = ("partial", "allow_incomplete")
_SEVERAL: Final = {"gates": "--gate", "removed": "--removed"}


def write_document(
    subject: Comparison | Run,
    gates: Sequence[Gate],
    kind: str,
    sources: Mapping[str, Sequence[str]],
    options: Mapping[str, Any],
    beside: Mapping[str, Any],
) -> None:
    """Write the document in the format asked for, and say what it kept and replaced.

    `beside` are notes and further fields of `ReportInput`.
    """
    if kind not in (*RENDERED, "markdown", "docx"):
        raise click.UsageError(f"--document is Markdown, html, ipynb, pdf or docx, but not {kind}")
    if options.get("template"):
        raise click.UsageError("--template is a notebook, which --document does not run")
    from fictures_reports.report.document.written_document import document

    if kind == "docx":
        from fictures_reports.report.rendering.pandoc import pandoc

        pandoc()  # what is missing is said before the work
    output: Path | None = options["output"]
    older = _older(output) if kind == "markdown" else ""
    command = command_of(sources, options)
    pictures = _pictures(output) if kind == "markdown" else None
    given: dict[str, Any] = {"older": older, "command": command, "pictures": pictures}
    text = document(subject, gates, **given, **beside)
    if kind == "markdown":
        if older and output:
            _say_what_became(older, text, output)
        write(text, output)
        return
    if output is None:
        raise click.UsageError(f"name a file with -o for a document as {kind}")
    if kind == "docx":
        from fictures_reports.report.rendering.pandoc import to_docx

        to_docx(text, output)
        return
    from fictures_reports.report.rendering.document_page import write_document_page

    title = next(line[2:] for line in text.splitlines() if line.startswith("# "))
    write_document_page(text, output, kind, title=title)


def _pictures(output: Path | None) -> Callable[[DocumentInput], Mapping[str, str]] | None:
    """Return what writes charts beside the document; None without a file or the tool for it."""
    from importlib.util import find_spec

    if output is None:
        return None
    if find_spec("vl_convert") is None or find_spec("altair") is None:
        say(f"{output}: without charts, which pip install 'fictures-reports[report,static]' adds")
        return None
    from fictures_reports.report.rendering.picture_files import pictures_beside

    return lambda d: pictures_beside(d, output)


def command_of(sources: Mapping[str, Sequence[str]], options: Mapping[str, Any]) -> str:
    """Return the command line that writes the document again."""
    several = max(len(names) for side, names in sources.items() if side != "phases") > 1
    words = ["fictures-reports", "compare" if "before" in sources else "run"]
    for side, names in sources.items():
        words += [*(["--"] if several and side == "after" else []), *names]
    words += ["-o", str(options["output"])] if options["output"] else []
    words += ["--document"]
    words += [w for name in _VALUES if options.get(name) for w in (f"--{name}", str(options[name]))]
    words += [f"--{name.replace('_', '-')}" for name in _FLAGS if options.get(name)]
    for name, flag in _SEVERAL.items():
        words += [word for value in options.get(name) or () for word in (flag, value)]
    return shlex.join(words)


def _older(output: Path | None) -> str:
    """Return the document that the output takes the place of; "" if there is none."""
    if output is None or not output.is_file():
        return ""
    return output.read_text(encoding="utf-8", errors="replace")


def _say_what_became(older: str, text: str, output: Path) -> None:
    """Say what of an older document is kept and replaced; keep a copy of what would be lost."""
    from fictures_reports.report.document.kept_edits import rewriting

    found = rewriting(older, text)
    if found.foreign:
        copy = _free(output)
        shutil.copyfile(output, copy)
        say(f"{output}: was changed outside its marks, or by hand as a whole; it is kept as {copy}")
    if found.kept:
        say(f"{output}: kept what was edited in {', '.join(found.kept)}")
    if found.replaced:
        say(f"{output}: replaced {', '.join(found.replaced)}")


def _free(output: Path) -> Path:
    """Return a path beside the output that is not taken."""
    taken = 1
    path = output.with_name(f"{output.stem}.before{output.suffix}")
    while path.exists():
        taken += 1
        path = output.with_name(f"{output.stem}.before-{taken}{output.suffix}")
    return path
