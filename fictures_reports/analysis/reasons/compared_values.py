r"""What an assertion found and what it wanted, out of the wordings of the assertion libraries.

Expected: 302 / Received: 500       → Compared("500", "302", "wanted")
assert 'a' in ['b']                 → Compared("'a'", "['b']", "is not in")
"""

from __future__ import annotations

from typing import Final, NamedTuple

from fictures_reports.failures.shown_values import shortened, shown, shown_apart
from fictures_reports.patterns import Match, Pattern, Patterns


class Compared(NamedTuple):
    """Two values as the failure printed them, and the words between them."""

    actual: str
    wanted: str
    #: "wanted" where the failure says which value is which; "is not" where it says only that
    #: they are unequal
    relation: str = "wanted"
    #: what was looked at, where the failure names it: "status_code"
    subject: str = ""

    def sentence(self) -> str:
        """Write both values: `“€ 1.99”, wanted “$ 1.99”`."""
        if not self.wanted:
            return f"{shown(self.actual)} {self.relation}".replace(" – wanted", ", wanted")
        actual, wanted = shown_apart(self.actual, self.wanted)
        named = f"{self.subject} {actual}" if self.subject else actual
        comma = "," if self.relation.startswith(("wanted", "must")) else ""
        return f"{named}{comma} {self.relation} {wanted}"


# Each has the groups a (what was found) and b (what was wanted).
_A_AND_B: Final = Patterns(
    # Playwright and Jest: the words behind "Expected" and "Received" say what was compared
    Pattern(
        r"^\s*Expected(?P<what> \w+| not \w+)?: +(?P<not>not )?(?P<b>\S[^\n]*)\n(?:[^\n]*\n)??"
        r"\s*Received(?: \w+)*: +(?P<a>\S[^\n]*)$",
        "Received",
    ),
    # testify, PHPUnit, RSpec, xUnit and NUnit write a line each
    Pattern(
        r"^\s*[Ee]xpected *: +(?P<b>\S[^\n]*)\n\s*(?:[Aa]ctual|got|But was) *: +(?P<a>\S[^\n]*)$",
        "ctual", "got", "But was",
    ),
    Pattern(
        r"[Ee]xpected: ?<(?P<b>[^\n]*?)> ?but was: ?<(?P<a>[^\n]*?)>(?:$|\s|\.)", "but was"
    ),
    Pattern(r"expected: ?\[(?P<b>[^\n]*?)\] but found: ?\[(?P<a>[^\n]*?)\]", "but found"),
    Pattern(
        r"asserting that (?P<a>[^\n]+?) (?:matches expected|is identical to|equals)"
        r" (?P<b>[^\n]+?)\.?$",
        "asserting that ",
    ),
    # Chai, Vitest and Cypress
    Pattern(
        r"expected (?P<a>[^\n]{1,400}?) (?:to (?:strictly |deeply |loosely )?(?:equal|be|eql|eq)"
        r"|to have (?:a )?(?:text|value|property value)) (?P<b>[^\n]{1,400}?)"
        r"(?: //[^\n]*|, but[^\n]*)?$",
        "expected ",
    ),
    # Go's own habit
    Pattern(r"\bgot:? (?P<a>[^\n]{1,200}?)[,;] (?:want|expected):? (?P<b>[^\n]{1,200}?)$", "got"),
    Pattern(r"(?:= |got )(?P<a>[^\n=]{1,200}?)[,;] want (?P<b>[^\n]{1,200}?)$", "want "),
)  # fmt: skip
# Jest's matchers that take no value
_MATCHER = Pattern(r"expect\([^\n()]*\)\.(?P<not>not\.)?(?P<name>toBe\w+)\(\)", "expect(")
_FORBIDDEN = Pattern(r"^\s*Expected: not (?P<b>\S[^\n]*)$", "Expected: not ")
_RECEIVED = Pattern(r"^\s*Received: +(?P<a>\S[^\n]*)$", "Received: ")
_WITHOUT_VALUE: Final = {
    "toBeTruthy": "a true value", "toBeFalsy": "a false value", "toBeNull": "null",
    "toBeDefined": "a value", "toBeUndefined": "undefined", "toBeNaN": "NaN",
    "not.toBeNull": "a value other than null", "not.toBeUndefined": "a value",
    "not.toBeTruthy": "a false value", "not.toBeFalsy": "a true value",
}  # fmt: skip
_DIFF = Pattern(
    r"^- Expected +- (?P<missing>[0-9]{1,6})\s*\n\+ Received +\+ (?P<more>[0-9]{1,6})\s*$",
    "- Expected ",
)
_CONTAINS = Pattern(
    r"expected (?P<a>[^\n]{1,400}?) to (?P<op>include|contain|match) (?P<b>[^\n]{1,400}?)$",
    "expected ",
)
_NOT_FOUND = Pattern(r"^(?:AssertionError: )?(?P<a>[^\n]+?) not found in (?P<b>[^\n]+)$",
                     "not found in")  # fmt: skip
_PYTEST = Pattern(
    r"^(?:AssertionError: )?assert (?P<a>\S[^\n]*?) (?P<op>==|!=|is not|is|not in|in)"
    r" (?P<b>\S[^\n]*?)$",
    "assert ",
)
_PYTEST_TRUTH = Pattern(r"^(?:AssertionError: )?assert (?P<a>not \S[^\n]*|\S+)$", "assert ")
_UNITTEST = Pattern(r"^(?:AssertionError: )?(?P<a>[\d'\"\[({<bTFN][^\n]*?) != (?P<b>[^\n]+?)"
                    r"(?: : [^\n]*)?$", " != ")  # fmt: skip
_WHERE = Pattern(r"^ *\+ +(?:where|and) +(?P<value>[^\n]+?) = (?P<of>[^\n]+)$", " + ")
_ATTRIBUTE = Pattern(r"\.([A-Za-z_]\w*)(?:\(\))?\z", ".")
_LENGTH = Pattern(r"\Alen\(", "len(")
_CALLED = Pattern(r"\A(?:<[^<>]*?\bof [\w.]+ object at 0x[0-9a-f]+>|<function (?P<name>\w+)[^>]*>|"
                  r"(?P<plain>[\w.]+))\(", "(")  # fmt: skip
_RELATIONS: Final = {
    "==": "is not", "!=": "must not be", "in": "is not in", "not in": "must not be in",
    "is": "is not", "is not": "must not be",
}  # fmt: skip
_EXPECTED_KINDS: Final = {"substring": "does not contain", "pattern": "does not match"}


def compared(message: str) -> Compared | None:
    """Return what an assertion compared; None where the text does not say it."""
    return (
        _pytest(message)
        or _two_values(message)
        or _containing(message)
        or _one_value(message)
        or _differing_lines(message)
        or _unittest(message)
    )


def _two_values(message: str) -> Compared | None:
    for pattern in _A_AND_B.that_may_match(message):
        found = pattern.search(message)
        if found and not found["b"].startswith("called"):
            return (
                _with_relation(found)
                if "<what>" in pattern.pattern
                else Compared(found["a"], found["b"])
            )
    return None


def _with_relation(match: Match) -> Compared:
    """Say how the values relate, by the word behind Jest's "Expected"."""
    kind = match["what"].strip()
    if kind.startswith("not") or match["not"]:
        return Compared(match["a"], match["b"], "must not be")
    relation = _EXPECTED_KINDS.get(kind, "wanted")
    return Compared(match["a"], match["b"], relation, kind if kind == "length" else "")


def _one_value(message: str) -> Compared | None:
    if forbidden := _FORBIDDEN.search(message):
        return Compared("value", forbidden["b"], "must not be")
    found = _MATCHER.search(message)
    wanted = _WITHOUT_VALUE.get(f"{found['not']}{found['name']}") if found else None
    received = _RECEIVED.search(message) if wanted else None
    return Compared(received["a"], "", f"– wanted {wanted}") if received else None


def _differing_lines(message: str) -> Compared | None:
    found = _DIFF.search(message)
    if not found:
        return None
    missing, more = int(found["missing"]), int(found["more"])
    parts = [f"{n:,} {'line' if n == 1 else 'lines'} {how}" for n, how in
             ((missing, "missing"), (more, "too many")) if n]  # fmt: skip
    return Compared("value", "", f"differs: {', '.join(parts)}") if parts else None


def _containing(message: str) -> Compared | None:
    if found := _CONTAINS.search(message):
        verb = "contain" if found["op"] == "include" else found["op"]
        return Compared(found["a"], found["b"], f"does not {verb}")
    if found := _NOT_FOUND.search(message):
        return Compared(found["a"], found["b"], "is not in")
    return None


def _pytest(message: str) -> Compared | None:
    found = _PYTEST.search(message)
    if found is None:
        return _pytest_truth(message)
    where = {m["value"]: m["of"] for m in _WHERE.finditer(message)}
    a, b, op = found["a"], found["b"], found["op"]
    if op == "==" and (a in where) != (b in where):
        # only one side was computed: that is what was found
        actual, wanted = (a, b) if a in where else (b, a)
        return Compared(actual, wanted, "wanted", _subject(where[actual]))
    if op == "in" and b.startswith(("[", "(")) and a in where:
        return Compared(a, b.strip("[]()"), "wanted one of", _subject(where[a]))
    return Compared(a, b, _RELATIONS[op])


def _subject(expression: str) -> str:
    """Name what an expression looks at: the attribute at its end, or "length"."""
    if _LENGTH.search(expression):
        return "length"
    found = _ATTRIBUTE.search(expression[-60:])
    return found[1] if found else ""


def _pytest_truth(message: str) -> Compared | None:
    found = _PYTEST_TRUTH.search(message)
    if found is None:
        return None
    where = _WHERE.search(message)
    if where is None:
        return None
    return Compared(_looked_at(where["of"]), "", f"is {where['value']}")


def _looked_at(expression: str) -> str:
    """Name an expression that had a value: `success`, `isdir(…)`."""
    if attribute := _ATTRIBUTE.search(expression[-60:]):
        return attribute[1]
    call = _CALLED.search(expression)
    name = (call["name"] or call["plain"]) if call else ""
    return f"{name}(…)" if name else shortened(expression)


def _unittest(message: str) -> Compared | None:
    found = _UNITTEST.search(message)
    return Compared(found["a"], found["b"], "is not") if found else None
