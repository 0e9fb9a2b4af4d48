"""JUnit files as people have them: one writer for each shape, the same file every time."""

from __future__ import annotations

import random
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: every so many-th case fails
_FAILS_EVERY: Final = 20
_DECLARATION: Final = '<?xml version="1.0" encoding="utf-8"?>\n'


def write_pytest(
    path: Path, n_cases: int, output: str = "", *, in_cdata: bool = False, comment: str = ""
) -> None:
    """Write what pytest writes: one suite, 5 % failures with tracebacks of ten lines."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{_DECLARATION}{comment}<testsuites name="pytest tests">')
        file.write(f'<testsuite name="pytest" errors="0" failures="{n_cases // _FAILS_EVERY}"')
        file.write(f' skipped="0" tests="{n_cases}" time="100.0"')
        file.write(' timestamp="2026-01-01T00:00:00+00:00">')
        for i in range(n_cases):
            name = f'classname="tests.unit.test_part{i // 100}.TestThing" name="test_case[{i}-a]"'
            file.write(f'<testcase {name} time="{chance.random():.3f}">')
            file.write(_failure(i, chance, in_cdata=in_cdata) if i % _FAILS_EVERY == 0 else "")
            file.write(f"{output}</testcase>")
        file.write("</testsuite></testsuites>")


def _failure(i: int, chance: random.Random, *, in_cdata: bool) -> str:
    lines = "\n".join(f"    value_{k} = compute({chance.random()})  # a step" for k in range(7))
    text = (
        f"def test_case():\n{lines}\n>       assert {i} < {i - 1}\nE       assert {i} < {i - 1}\n\n"
        f"tests/unit/test_part{i // 100}.py:{i % 90 + 1}: AssertionError"
    )
    message = f"AssertionError: assert {i} &lt; {i - 1}&#10; +  where {i} = f()"
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    body = f"<![CDATA[{text}]]>" if in_cdata else escaped
    return f'<failure message="{message}">{body}</failure>'


def write_jest(path: Path, n_cases: int) -> None:
    """Write what jest-junit writes: a suite for each file, indented, stacks in failures."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        n_failed = n_cases // _FAILS_EVERY
        file.write(f'{_DECLARATION}<testsuites name="jest tests" tests="{n_cases}"')
        file.write(f' failures="{n_failed}" errors="0" time="100.5">\n')
        for first in range(0, n_cases, 100):
            n = min(100, n_cases - first)
            file.write(f'  <testsuite name="part {first // 100}" errors="0"')
            file.write(f' failures="{n // _FAILS_EVERY}" skipped="0"')
            file.write(f' timestamp="2026-01-01T00:00:00" time="1.5" tests="{n}">\n')
            for i in range(first, first + n):
                title = f"part {first // 100} when it is asked gives {i}"
                file.write(f'    <testcase classname="{title}" name="{title}"')
                file.write(f' time="{chance.random():.3f}">\n')
                file.write(_jest_failure(i) if i % _FAILS_EVERY == 0 else "")
                file.write("    </testcase>\n")
            file.write("  </testsuite>\n")
        file.write("</testsuites>\n")


def _jest_failure(i: int) -> str:
    stack = "\n".join(
        f"    at Object.run{k} (/home/ci/app/src/part{i // 100}/{k}.test.ts:{i % 90 + 1}:{k})"
        for k in range(6)
    )
    return (
        "      <failure>Error: expect(received).toBe(expected) // Object.is equality\n\n"
        f"Expected: {i}\nReceived: {i - 1}\n{stack}</failure>\n"
    )


def write_suites(path: Path, n_cases: int) -> None:
    """Write what build tools write: many suites with properties, skips, and output of the suite."""
    chance = random.Random(1)
    properties = "".join(
        f'    <property name="java.setting.{k}" value="/opt/tools/{k}"/>\n' for k in range(20)
    )
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{_DECLARATION}<testsuites>\n")
        for first in range(0, n_cases, 50):
            n = min(50, n_cases - first)
            name = f"org.example.part{first // 500}.Thing{first // 50}Test"
            file.write(f'  <testsuite name="{name}" tests="{n}" time="1.5"')
            file.write(' timestamp="2026-01-01T00:00:00Z">\n')
            file.write(f"    <properties>\n{properties}    </properties>\n")
            for i in range(first, first + n):
                file.write(f'    <testcase name="does{i}" classname="{name}"')
                file.write(f' time="{chance.random():.3f}"{_java_outcome(i, name)}')
            file.write(f"    <system-out><![CDATA[{first} done]]></system-out>\n  </testsuite>\n")
        file.write("</testsuites>\n")


def _java_outcome(i: int, name: str) -> str:
    if i % 25 == 0:
        return '>\n      <skipped message="needs a database"/>\n    </testcase>\n'
    if i % _FAILS_EVERY:
        return "/>\n"
    frames = "".join(f"\tat {name}.step{k}({name}.java:{i % 90 + k})\n" for k in range(8))
    return (
        f'>\n      <failure message="expected: &lt;{i}&gt; but was: &lt;{i - 1}&gt;"'
        f' type="org.opentest4j.AssertionFailedError"><![CDATA[org.opentest4j.AssertionFailedError:'
        f" expected: <{i}> but was: <{i - 1}>\n{frames}]]></failure>\n    </testcase>\n"
    )


_PRINTED: Final = "\n".join(f"{k} INFO request {k} answered in {k * 7} ms" for k in range(5))
#: what the file is like, and how it is written
SHAPES: Final[dict[str, Callable[[Path, int], None]]] = {
    "bare": write_pytest,
    "output": partial(write_pytest, output=f"<system-out>{_PRINTED}</system-out>"),
    "cdata": partial(write_pytest, in_cdata=True),
    "comment": partial(write_pytest, comment="<!-- written by a build -->"),
    "jest": write_jest,
    "suites": write_suites,
}
