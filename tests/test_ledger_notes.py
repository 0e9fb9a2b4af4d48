"""The ledger in Markdown: a note that many files share stands there once."""

from __future__ import annotations

SUITE = (
    '<testsuites><testsuite name="pytest" tests="1" time="1" '
    'timestamp="2026-03-0{}T06:00:00+00:00">'
    '<testcase classname="tests.test_a" name="test_{}" time="1"/></testsuite></testsuites>'
)


def test_a_note_that_files_share_is_written_once_with_the_files(command, tmp_path) -> None:
    for day in range(1, 7):
        (tmp_path / f"{day}.xml").write_text(SUITE.format(day, 1))
    paths = [str(tmp_path / f"{day}.xml") for day in range(1, 7)]
    output = command("compare", *paths[:3], "--", *paths[3:], "--format", "markdown").stdout
    assert "## Ledger: 1 note\n" in output
    assert "1.xml and 5 others: workers" in output
    two = command("compare", *paths[:2], "--format", "markdown").stdout
    assert "## Ledger: 1 note\n" in two
    assert "2.xml: workers" in two
