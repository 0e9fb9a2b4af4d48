"""Where a pytest test lives: node ids and the dotted class names that JUnit makes of them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from fictures_reports.readers.text.clean import clean_title, with_slashes

#: Title of what stands for a module that could not be collected.
COLLECTION = "collection"
_MODULE = re.compile(r"(?:test|check)_\w+$|\w+_tests?$|tests?$|conftest$")
_CLASS = re.compile(r"[A-Z]\w*$|Test\w*$")
_EMOJI = re.compile(r"#x([0-9A-F]{5})")


class Node(NamedTuple):
    """File, classes joined by " › ", and title with parameters."""

    file: str
    suite: str
    title: str


def from_node_id(node_id: str) -> Node:
    """Split "tests/test_a.py::TestX::test_y[a::b]"; the parameters may hold anything."""
    path, _, rest = node_id.partition("::")
    plain, bracket, parameters = rest.partition("[")
    *classes, title = plain.split("::")
    return Node(
        clean_title(with_slashes(path)),
        " › ".join(part for part in classes if part and part != "()"),
        clean_title(title + bracket + parameters) or COLLECTION,
    )


def from_junit(classname: str, name: str, file: str | None) -> tuple[Node, bool]:
    """Find the node behind a testcase; the flag says whether module and class were told apart.

    xunit1 gives the file. xunit2 has only "tests.test_a.TestX": the module is the last part that
    is named like a test module with nothing but classes behind it.
    """
    title = plain_title(name)
    if not classname:
        return _collected(title, file)
    path, suite, sure = place(classname, file)
    return Node(path, suite, title), sure


def plain_title(name: str) -> str:
    """Undo what pytest's JUnit does to characters that XML does not take: "#x1F680" → 🚀."""
    if name.isascii() and name.isprintable() and "#x" not in name:
        return name
    name = clean_title(name)
    if "#x" in name:
        name = _EMOJI.sub(lambda match: chr(int(match[1], 16)), name)
    return name


def _collected(name: str, file: str | None) -> tuple[Node, bool]:
    """Place a module that could not be collected: name="tests.test_a", no classname."""
    if file:
        return Node(with_slashes(file), "", COLLECTION), True
    if name.endswith(".py") or "/" in name:
        return Node(with_slashes(name), "", COLLECTION), True
    return Node(name.replace(".", "/") + ".py", "", COLLECTION), bool(
        _MODULE.match(name.rpartition(".")[2])
    )


@lru_cache(maxsize=4096)
def place(classname: str, file: str | None) -> tuple[str, str, bool]:
    """Tell file, classes, and whether they were told apart surely, of a dotted class name."""
    parts = classname.split(".")
    if file:
        file = with_slashes(file)
        return file, _classes_of(parts, file), True
    for index in range(len(parts) - 1, -1, -1):
        if _MODULE.match(parts[index]) and all(map(_CLASS.match, parts[index + 1 :])):
            return _path(parts[: index + 1]), " › ".join(parts[index + 1 :]), True
    index = len(parts)
    while index > 1 and _CLASS.match(parts[index - 1]):
        index -= 1
    return _path(parts[:index]), " › ".join(parts[index:]), False


def _path(parts: list[str]) -> str:
    return "/".join(parts) + ".py"


def _classes_of(parts: list[str], file: str) -> str:
    """Take the module's part off a classname whose file is known."""
    module = re.split(r"[/.]", file.removesuffix(".py"))
    module = [part for part in module if part]
    if parts[: len(module)] == module:
        return " › ".join(parts[len(module) :])
    while parts and not _CLASS.match(parts[0]):
        parts = parts[1:]
    return " › ".join(parts)
