"""What a case of other JUnit is called: its file, the titles around it and its own.

Context may stand beside a case instead of around it: mocha-junit-reporter writes the file of a
spec into an empty suite before those of its tests, WebdriverIO into the properties of a suite.
"""

from __future__ import annotations

from collections.abc import Iterator

from fictures_reports.readers.files.junit_xml import Case, Suite
from fictures_reports.readers.formats.junit_results import properties
from fictures_reports.readers.text.clean import clean_title, with_slashes

_EXTENSIONS = (
    *(f".{kind}{language}s{x}" for kind in ("", "c", "m") for language in "jt" for x in ("", "x")),
    ".py", ".php", ".rb", ".go", ".java", ".kt", ".cs", ".feature", ".har", ".rs", ".swift",
)  # fmt: skip
#: what a path has besides letters and digits
_IN_PATHS = dict.fromkeys(map(ord, "_@.~/\\ :()[]-"), "")
#: so many suites around a case are looked at
_DEEPEST = 50


def identity_of(case: Case) -> tuple[str, str, str]:
    """Name a case from its file, suites, class and name, each part once.

    mocha-junit-reporter names a case by all its titles, and its class by the last of them.
    """
    attributes = case.attributes
    suites, suite_file = _known_of(case.suite)
    classname = clean_title(attributes.get("classname", attributes.get("class", ""))).strip()
    title = clean_title(attributes.get("name", "")).strip()
    own_file = attributes.get("file")
    file = with_slashes(clean_title(own_file)) if own_file else suite_file
    if not file and _is_file(classname):
        file, classname = with_slashes(classname), ""
    above = [name for name, as_path in suites if as_path != file]
    if above and title.endswith(f" {classname}"):
        full = _of_full_title(above, classname, title)
        if full:
            return file, " › ".join(full), classname
    if classname and classname not in (title, *above) and with_slashes(classname) != file:
        above = [s for s in above if s not in classname] + [classname]
    if not title and above:
        title = above.pop()
    if above and title.startswith(above[-1] + " "):
        title = title[len(above[-1]) + 1 :]
    return file, " › ".join(above), title or "(no name)"


def _of_full_title(above: list[str], classname: str, title: str) -> list[str]:
    """Name the titles around a case whose title repeats them all, and whose class is the rest."""
    around = title.removesuffix(f" {classname}")
    if not around.endswith(above[-1]):
        return []
    outer = around.removesuffix(above[-1]).strip()
    return [*above[:-1], *([outer] if outer and outer not in above else []), above[-1]]


def file_of(suite: Suite) -> str:
    """Return the file of a suite with forward slashes; "" where nothing names it."""
    return _known_of(suite)[1]


def names_of(suite: Suite) -> list[str]:
    """Name the suites around a case, outermost first, without those that say nothing."""
    return [name for name, _ in _known_of(suite)[0]]


def _known_of(suite: Suite) -> tuple[list[tuple[str, str]], str]:
    """Name the suites around a case, each as a path, too, and their file: all cases share them."""
    if suite.known is None:
        outwards = [*_outwards(suite)]
        leading = next((found for outer in outwards if (found := _leading(outer))), None)
        names = [clean_title(outer.attributes.get("name", "")).strip() for outer in outwards[::-1]]
        names = [name for name in names if name and not _is_noise(name)]
        outer_file = next((file for outer in outwards if (file := _own_file(outer))), "")
        package = "" if leading is None else leading.attributes.get("package", "")
        if package:
            names.insert(0, clean_title(package))
        file = outer_file or ("" if leading is None else _own_file(leading))
        suite.known = [(name, with_slashes(name)) for name in names], _path(file)
    return suite.known


def _outwards(suite: Suite | None) -> Iterator[Suite]:
    for _ in range(_DEEPEST):
        if suite is None:
            return
        yield suite
        suite = suite.above


def _leading(suite: Suite) -> Suite | None:
    """Find the suite before this one that names it: it holds nothing itself, or is the root.

    Mocha's root suite (whose title is a setting) is the first of each file, and may hold tests.
    """
    before = suite.before
    if before is None or (before.has_cases and before.attributes.get("name", "") != suite.first):
        return None
    return before


def _own_file(suite: Suite) -> str:
    """Find the file in a suite's `file`, `filepath`, name or properties."""
    attributes = suite.attributes
    file = attributes.get("file") or attributes.get("filepath")
    if file:
        return file
    if _is_file(name := attributes.get("name", "")):
        return name
    paths = (value for key, value in properties(suite.properties) if key == "file")
    return next((value for value in paths if _is_file(_path(value))), "")


def _path(file: str) -> str:
    return with_slashes(clean_title(file).removeprefix("file://"))


def _is_noise(name: str) -> bool:
    return name in ("Root Suite", "undefined", "all") or ("/" in name and _is_file(name))


def _is_file(name: str) -> bool:
    """Tell whether a name is the path of a file of source code."""
    if not name.endswith(_EXTENSIONS):
        return False
    plain = name.translate(_IN_PATHS)
    return name.rfind(".") > 0 and (not plain or plain.isalnum())
