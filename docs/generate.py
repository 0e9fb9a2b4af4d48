"""Write the parts of the docs that the code knows better: tables, and what commands print.

    python docs/generate.py        # then look at `git diff docs`

Between `<!-- begin NAME -->` and `<!-- end NAME -->` a page holds what `SECTIONS[NAME]` returns. In
```console blocks the lines after a `$ command` are what it prints; `…` stands for lines left out,
and such blocks are only checked. The examples of the Python page are in python_examples.txt.
tests/test_docs.py fails when a page is not what this would write.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import yaml

sys.path.insert(0, str(Path(__file__).parent))  # where the tests load this file from elsewhere
import python_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT / "docs"
_SECTION: Final = re.compile(r"(<!-- begin ([\w-]+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)
_CONSOLE: Final = re.compile(r"(?<!-->\n)```console\n(.*?)```", re.DOTALL)
#: Python that is run, and what it prints.
PYTHON: Final = re.compile(r"(?<!-->\n)```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", re.DOTALL)
_BETWEEN: Final = "\x1e"

#: What each change says, for the reference.
_MEANING_OF_CHANGES: Final = {
    "broken": "passed before, fails now",
    "arrived_failing": "new, and fails",
    "unmasked": "did not run before, fails now",
    "undeclared": "was declared to fail, fails now without a declaration that covers it",
    "still_failing": "failed before, fails now",
    "masked": "failed before, is skipped or not run now – not fixed",
    "vanished": "failed before, is no longer there – not fixed",
    "fixed": "failed before, passes now",
    "gained": "did not run before, passes now",
    "arrived": "new, and passes",
    "still_passing": "passed before and passes now",
    "lost": "passed before, no longer runs",
    "declared": "ran and failed, as its author declared",
    "still_declared": "failed as declared, before and now",
    "still_skipped": "did not run before and does not now",
    "left": "did not run before, is no longer there",
    "arrived_skipped": "new, and does not run",
}


def columns() -> str:
    """List the columns of the table."""
    from fictures_reports.schema import COLUMNS

    rows = [(f"`{c.name}`", c.group, c.dtype, c.unit, c.meaning) for c in COLUMNS]
    return _table(("column", "group", "dtype", "unit", "meaning"), rows)


def changes() -> str:
    """List the change labels with what they mean."""
    from fictures_reports.schema import CHANGES

    return _table(("change", "meaning"), [(f"`{c}`", _MEANING_OF_CHANGES[c]) for c in CHANGES])


def matrix() -> str:
    """Draw which change every pair of outcomes is."""
    from fictures_reports.analysis.changes import CHANGE_OF
    from fictures_reports.schema import OUTCOMES

    rows = [
        (f"**{b}**", *(f"`{label}`" if (label := CHANGE_OF[b, a]) else "–" for a in OUTCOMES))
        for b in OUTCOMES
    ]
    return _table(("before ↓ after →", *OUTCOMES), rows)


def metrics() -> str:
    """List the metrics that a gate can read."""
    from fictures_reports.analysis.gate_expressions import COMPARISON_METRICS, RUN_METRICS, SCOPES

    lines = [
        f"- of a run, or of a comparison's after side: {_names(RUN_METRICS)}",
        f"- of a comparison: {_names(COMPARISON_METRICS)}",
        f"- narrowed to a part of the suite by: {_names(SCOPES)}",
    ]
    return "\n".join(lines) + "\n"


def formats() -> str:
    """List the formats that are read, those that tell most first."""
    from fictures_reports.readers.formats import FORMATS

    richest_first = sorted(FORMATS, key=lambda format_: -format_.richness)
    rows = [(f.title, f.written_by, f"`{f.name}`") for f in richest_first]
    return _table(("format", "written by", "in the ledger"), rows)


def commands() -> str:
    """Describe every command with its arguments and options, as `--help` knows them."""
    from fictures_reports.cli.commands import cli

    return "\n".join(_command(path, command) for path, command in walk(cli))


def walk(group: click.Command, path: str = "fictures-reports") -> Iterator[tuple[str, Any]]:
    """Yield every command below a group, with the words that call it."""
    for name, command in sorted(getattr(group, "commands", {}).items()):
        yield f"{path} {name}", command
        yield from walk(command, f"{path} {name}")


def _command(path: str, command: click.Command) -> str:
    context = click.Context(command, info_name=path)
    usage = " ".join(command.collect_usage_pieces(context))
    first = (command.help or "").split("\n\n")[0].replace("\n", " ").strip()
    options = [option for option in command.params if isinstance(option, click.Option)]
    records = [record for option in options if (record := option.get_help_record(context))]
    rows = [(f"`{_plain(words)}`", _plain(meaning)) for words, meaning in records]
    table = _table(("option", "meaning"), rows) if rows else ""
    return f"### {path}\n\n`{path} {usage}`\n\n{first}\n\n{table}"


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def settings() -> str:
    """List the settings, each with its type and the comment beside it."""
    from dataclasses import fields

    from fictures_reports import settings as module

    source = Path(module.__file__).read_text(encoding="utf-8")
    rows = []
    for field in fields(module.Settings):
        if field.metadata:
            continue  # derived from another setting
        words = re.search(rf"((?:    #: .*\n)+)    {field.name}:", source)
        text = " ".join(re.findall(r"#: (.*)", words[1])) if words else ""
        rows.append((f"`{field.name}`", f"`{field.type}`".replace("|", "\\|"), text))
    return _table(("setting", "type", "meaning"), rows)


def inputs() -> str:
    """List the inputs of the GitHub action."""
    rows = [
        (f"`{name}`", f"`{i['default']}`" if i.get("default") else "", i["description"])
        for name, i in _action()["inputs"].items()
    ]
    return _table(("input", "default", "meaning"), rows)


def outputs() -> str:
    """List the outputs of the GitHub action."""
    rows = [(f"`{name}`", o["description"]) for name, o in _action()["outputs"].items()]
    return _table(("output", "meaning"), rows)


@cache
def python() -> str:
    """List the public names with their signatures and docstrings, and run an example of each."""
    return python_reference.reference(workplace)


def schemas() -> str:
    """List the keys of the JSON that the commands print, as the shipped schemas have them."""
    folder = ROOT / "fictures_reports" / "report" / "schema"
    parts = []
    for name in ("compare", "run", "history"):
        schema = json.loads((folder / f"{name}.schema.json").read_text(encoding="utf-8"))
        rows = [(f"`{key}`", *_described(value, schema)) for key, value in _keys(schema)]
        table = _table(("key", "type", "meaning"), rows)
        parts.append(f"## {name} --format json\n\n{table}")
    return "\n".join(parts)


def _keys(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return list(schema["properties"].items())


def _described(value: dict[str, Any], schema: dict[str, Any]) -> tuple[str, str]:
    """Return the type of a key and its description, those that its definition has included."""
    if "$ref" in value:
        value = schema["$defs"][value["$ref"].rpartition("/")[2]] | value
    items = value.get("items") or {}
    if "$ref" in items:
        items = schema["$defs"][items["$ref"].rpartition("/")[2]]
    kind = value.get("type") or ("one of" if "anyOf" in value or "enum" in value else "number")
    shown = " or ".join(kind) if isinstance(kind, list) else kind
    names = ", ".join(f"`{n}`" for n in (items.get("properties") or value.get("properties") or {}))
    said = value.get("description") or items.get("description") or (names and f"keys: {names}")
    return shown, _plain(said or "")


def _action() -> Any:
    return yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def _names(names: Sequence[str]) -> str:
    return " ".join(f"`{name}`" for name in names)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def gitlab() -> str:
    """Show the shipped job for GitLab."""
    return _shipped("gitlab-ci.yml", "yaml")


def jenkins() -> str:
    """Show the shipped pipeline for Jenkins."""
    return _shipped("Jenkinsfile", "groovy")


def azure() -> str:
    """Show the shipped pipeline for Azure."""
    return _shipped("azure-pipelines.yml", "yaml")


def plain() -> str:
    """Show the shipped script for any shell."""
    return _shipped("plain.sh", "bash")


def _shipped(name: str, language: str) -> str:
    text = (ROOT / "ci" / name).read_text(encoding="utf-8")
    why = "<!-- not run: its script runs in the tests, the file itself only on a server -->"
    return f"{why}\n```{language}\n{text}```\n"


#: What a page may hold between its marks.
SECTIONS: Final[dict[str, Callable[[], str]]] = {
    function.__name__: function
    for function in (
        formats,
        columns,
        changes,
        matrix,
        metrics,
        commands,
        settings,
        inputs,
        outputs,
        python,
        schemas,
        gitlab,
        jenkins,
        azure,
        plain,
    )
}


def filled(page: str) -> str:
    """Return a page with every marked section as the code has it."""
    return _SECTION.sub(lambda m: m[1] + SECTIONS[m[2]]() + m[3], page)


def blocks(page: str) -> list[str]:
    """Return the console blocks of a page that are meant to be run."""
    return _CONSOLE.findall(page)


def steps(block: str) -> list[tuple[str, str]]:
    """Split a console block into its commands, each with what it is said to print."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    found = []
    for part in parts:
        match = re.match(r"((?:[^\n]*\\\n)*[^\n]*\n)(.*)", part, re.DOTALL)
        found.append((match[1].rstrip("\n"), match[2]) if match else (part, ""))
    return found


def printed(block: str, folder: Path, *first: Path) -> list[tuple[str, int]]:
    """Run a block's commands in one shell; return what each printed, and its exit code.

    Commands are looked for in the `first` folders before those of this Python.
    """
    script = "".join(
        f"{command}\ncode=$?\nprintf '{_BETWEEN}%s{_BETWEEN}' $code\n(exit $code)\n"
        for command, _ in steps(block)
    )
    path = os.pathsep.join(map(str, (*first, Path(sys.executable).parent, os.environ["PATH"])))
    done = subprocess.run(  # noqa: S603
        ["bash", "-c", script],  # noqa: S607
        check=False, text=True, cwd=folder, env=os.environ | {"PATH": path},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    pieces = done.stdout.split(_BETWEEN)[:-1]
    return [(out, int(code)) for out, code in zip(pieces[::2], pieces[1::2], strict=True)]


def workplace(folder: Path) -> Path:
    """Make a folder look like a checkout to the commands of the docs; they may write to it.

    The rule that the docs show lies there under the name that they give it.
    """
    for name in ("runs", "notebooks", "examples", "ci"):
        (folder / name).symlink_to(ROOT / name)
    page = (DOCS / "rules.md").read_text(encoding="utf-8")
    if rule := re.search(r"```toml\n(\[\[rule\]\].*?)```", page, re.DOTALL):
        (folder / "studio.toml").write_text(rule[1], encoding="utf-8")
    if own := re.search(r"```toml\n(\[\[category\]\].*?)```", page, re.DOTALL):
        (folder / "own.toml").write_text(own[1], encoding="utf-8")
    return folder


def refreshed(page: str, folder: Path) -> str:
    """Return a page with what its commands print now; blocks with an … stay as they are."""

    def run(match: re.Match[str]) -> str:
        block = match[1]
        if "…\n" in block:
            return match[0]
        told = zip(steps(block), printed(block, folder), strict=True)
        lines = [f"$ {command}\n{out}" for (command, _), (out, _) in told]
        return f"```console\n{''.join(lines)}```"

    return _CONSOLE.sub(run, page)


def answered(page: str, folder: Path) -> str:
    """Return a page with what its Python prints now; its blocks are one program."""
    names: dict[str, Any] = {}

    def run(match: re.Match[str]) -> str:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.chdir(folder):
            exec(compile(match[1], "<page>", "exec"), names)  # noqa: S102
        return f"```python\n{match[1]}```\n\n```text\n{out.getvalue()}```" if match[2] else match[0]

    return PYTHON.sub(run, page)


def main() -> None:
    """Write every page anew."""
    from tempfile import TemporaryDirectory

    for path in sorted(DOCS.glob("*.md")):
        page = path.read_text(encoding="utf-8")
        with TemporaryDirectory() as folder:
            place = workplace(Path(folder))
            page = answered(refreshed(filled(page), place), place)
            path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
