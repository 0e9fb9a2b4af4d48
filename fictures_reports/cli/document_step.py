"""The step that writes a phase document: in the place of an older one, whose edits it keeps."""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING, Any, Final, cast

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
_VALUES: Final = ("rules", "notes", "history", "stream", "by", "table", "template")
_FLAGS: Final = ("partial", "allow_incomplete", "show_code", "static")
_SEVERAL: Final = {
    "gates": "--gate", "removed": "--removed", "allow_missing": "--allow-missing", "only": "--only",
}  # fmt: skip


def write_document(
    subject: Comparison | Run,
    gates: Sequence[Gate],
    kind: str,
    sources: Mapping[str, Sequence[str]],
    options: Mapping[str, Any],
    beside: Mapping[str, Any],
) -> None:
    """Write the document as Markdown or docx, and say what of an older one it kept and replaced.

    `beside` are notes and further fields of `ReportInput`.
    """
    from fictures_reports.report.document.written_document import document

    if kind == "docx":
        from fictures_reports.report.rendering.pandoc import pandoc

        pandoc()  # what is missing is said before the work
    output: Path | None = options["output"]
    settings = parameters(kind, sources, options)
    pictures = _pictures(output) if kind == "markdown" else None
    text = document(subject, gates, **settings, pictures=pictures, **beside)
    if kind == "docx":
        from fictures_reports.report.rendering.pandoc import to_docx

        assert output is not None  # noqa: S101 - its ending made it docx
        to_docx(text, output)
        return
    if output and (older := settings["older"]):
        _say_what_became(older, text, output)
    write(text, output)


def check_kind(kind: str) -> None:
    """Raise `UsageError` for a form that a document does not have."""
    if kind not in (*RENDERED, "markdown", "docx"):
        raise click.UsageError(f"--document is Markdown, html, ipynb, pdf or docx, but not {kind}")


def parameters(
    kind: str, sources: Mapping[str, Sequence[str]], options: Mapping[str, Any]
) -> dict[str, str]:
    """Return what a document has beside a report: the older one and the command.

    Words are written into the Markdown: other forms take the edits of the one beside them.
    """
    output: Path | None = options["output"]
    is_itself = output is None or kind == "markdown"
    older = _older(output) if is_itself else _edited_beside(cast("Path", output))
    return {"older": older, "command": command_of(sources, options)}


def _edited_beside(output: Path) -> str:
    """Return the Markdown beside another form if words were edited in it, and say which."""
    from fictures_reports.report.document.kept_edits import edits_in

    path = output.with_suffix(".md")
    older = _older(path)
    names = list(edits_in(older))
    if names:
        say(f"{output}: has what was edited in {path}: {', '.join(names)}")
    return older if names else ""


def draws_by_itself(kind: str) -> bool:
    """Tell whether a page's charts can be drawn beforehand: then it needs no script."""
    from importlib.util import find_spec

    return kind in ("html", "pdf") and find_spec("vl_convert") is not None


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
    if options.get("within"):  # the parts of one run
        sources = {"run": sources["after"]}
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
    words += [word for pair in options.get("parameters") or () for word in ("-p", *pair)]
    return shlex.join(words)


def _older(output: Path | None) -> str:
    """Return the document in a file; "" if there is none."""
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
    if found.edited:
        say(f"{output}: kept what was edited in {', '.join(found.edited)}")
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
