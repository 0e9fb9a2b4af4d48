"""Every block of README and the docs is run or checked by a test, or says why not."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
import yaml

from .conftest import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_FENCE = re.compile(r"^```(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_NOT_RUN = re.compile(r"<!-- not run: .{10,} -->\n$")
#: language → the test that runs or checks its blocks in docs/; README's are in this file
CHECKED = {
    "console": "test_docs.test_commands_print_what_the_docs_show",
    "python": "test_docs.test_python_prints_what_the_docs_show",
    "toml": "test_docs.test_settings_and_rules_in_the_docs_can_be_used",
    "yaml": "test_a_block_of_yaml_is_yaml",
}
#: between these marks stands what the code says of itself; test_docs holds it to the code
_GENERATED = re.compile(r"<!-- begin ([\w-]+) -->\n.*?<!-- end \1 -->", re.DOTALL)


class Block(NamedTuple):
    page: str
    line: int
    language: str
    text: str
    before: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(text: str, page: str) -> list[Block]:
    text = _GENERATED.sub(lambda match: "\n" * match[0].count("\n"), text)
    return [
        Block(page, text[: m.start()].count("\n") + 1, m[1], m[2], text[: m.start()])
        for m in _FENCE.finditer(text)
    ]


BLOCKS = [b for page in PAGES for b in blocks(page.read_text(encoding="utf-8"), page.name)]


def unchecked(block: Block) -> str:
    """Say why no test would notice that a block is wrong; "" if one does or it says why not."""
    if _NOT_RUN.search(block.before):
        return ""
    if block.language == "text":  # what the Python above prints
        return "" if re.search(r"```\n\n$", block.before) else "a text that nothing prints"
    if block.page == "README.md" and block.language == "console":
        return "a command of README that is not run"
    return "" if block.language in CHECKED else f"no test runs {block.language or 'this'}"


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_is_checked_by_a_test_or_says_why_not(block):
    assert unchecked(block) == "", f"{block}: mark it with <!-- not run: why -->"


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.language == "yaml"], ids=str)
def test_a_block_of_yaml_is_yaml(block):
    assert yaml.safe_load(block.text)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("x.md", "```sh\nls\n```\n"),
        ("x.md", "```\nls\n```\n"),
        ("x.md", "said:\n```text\n3\n```\n"),
        ("README.md", "```console\n$ ls\n```\n"),
        ("x.md", "<!-- not run: no -->\n```sh\nls\n```\n"),
    ],
)
def test_an_unmarked_block_that_no_test_runs_is_found(page, text):
    assert unchecked(*blocks(text, page))
