"""Where a pytest test lives: node ids and the dotted class names that JUnit makes of them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from fictures_reports.readers.text.clean import clean_title, with_slashes
from fictures_reports.readers.text.linear import is_word

#: Title of what stands for a module that could not be collected.
COLLECTION = "collection"
#: What pytest's exit code says where no test ran.
EXITS = {
    2: "the session was interrupted or collection failed",
    3: "pytest stopped on an internal error",
    4: "pytest was called wrongly",
    5: "no tests were collected",
}
_INTERRUPTED, _INTERNAL_ERROR = 2, 3
_MODULES = ("test", "tests", "conftest")
_MODULE_STARTS, _MODULE_ENDS = ("test_", "check_"), ("_test", "_tests")
#: how pytest writes a character beyond the first 65,536: "#x" and as many hexadecimal digits
_N_DIGITS = 5
_HEXADECIMAL = frozenset("0123456789ABCDEF")


def stopped_early(exit_code: int | None, *, n_tests: int, n_rows: int) -> bool:
    """Tell by pytest's exit code whether tests are missing that it had begun to run.

    Where files could not be collected, it ends as if interrupted; their errors have rows.
    """
    not_collected = n_rows > n_tests == 0
    return exit_code == _INTERNAL_ERROR or (exit_code == _INTERRUPTED and not not_collected)


class Node(NamedTuple):
    """File, classes joined by " › ", and title with parameters."""

    file: str
    suite: str
    title: str


def from_node_id(node_id: str) -> Node:
    """Split "tests/test_a.py::TestX::test_y[a::b]"; the parameters may hold anything."""
    path, _, names = node_id.partition("::")
    plain, bracket, parameters = names.partition("[")
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
        start, *pieces = name.split("#x")
        name = start + "".join(map(_with_emoji, pieces))
    return name


def _with_emoji(piece: str) -> str:
    """Read what stands behind "#x", as the character that it is the number of."""
    digits = piece[:_N_DIGITS]
    if len(digits) < _N_DIGITS or digits[0] == "0" or not _HEXADECIMAL.issuperset(digits):
        return "#x" + piece
    return chr(int(digits, 16)) + piece[_N_DIGITS:]


def _collected(name: str, file: str | None) -> tuple[Node, bool]:
    """Place a module that could not be collected: name="tests.test_a", no classname."""
    if file:
        return Node(with_slashes(file), "", COLLECTION), True
    if name.endswith(".py") or "/" in name:
        return Node(with_slashes(name), "", COLLECTION), True
    return Node(name.replace(".", "/") + ".py", "", COLLECTION), _is_module(name.rpartition(".")[2])


def _is_module(name: str) -> bool:
    """Tell whether a name is that of a test module, as people name them."""
    if name in _MODULES:
        return True
    named = (name.startswith(start) and name != start for start in _MODULE_STARTS)
    ended = (name.endswith(end) and name != end for end in _MODULE_ENDS)
    return is_word(name) and (any(named) or any(ended))


def _is_class(name: str) -> bool:
    """Tell the name of a class, or of a block of pytest-describe."""
    return ("A" <= name[:1] <= "Z" or name.startswith("describe_")) and is_word(name)


@lru_cache(maxsize=4096)
def place(classname: str, file: str | None) -> tuple[str, str, bool]:
    """Tell file, classes, and whether they were told apart surely, of a dotted class name."""
    parts = classname.split(".")
    if file and "/site-packages/" in with_slashes(file) and "site-packages" not in parts:
        file = None  # where a plug-in defines the function, as pytest-bdd's scenario.py
    if file:
        file = with_slashes(file)
        return file, _classes_of(parts, file), True
    index = len(parts)
    while index > 0:  # what follows are classes
        if _is_module(parts[index - 1]):
            return _path(parts[:index]), " › ".join(parts[index:]), True
        if not _is_class(parts[index - 1]):
            break
        index -= 1
    index = max(index, 1)
    return _path(parts[:index]), " › ".join(parts[index:]), False


def _path(parts: list[str]) -> str:
    return "/".join(parts) + ".py"


def _classes_of(parts: list[str], file: str) -> str:
    """Take the module's part off a classname whose file is known."""
    module = [part for part in file.removesuffix(".py").replace("/", ".").split(".") if part]
    if parts[: len(module)] == module:
        return " › ".join(parts[len(module) :])
    first = next((i for i, part in enumerate(parts) if _is_class(part)), len(parts))
    return " › ".join(parts[first:])
