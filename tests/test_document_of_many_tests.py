"""The phase document of suites with hundreds of tests, and of several projects: short and exact."""

from __future__ import annotations

import fictures_reports as fr

from .conftest import make_run


def part(document: str, title: str) -> str:
    """Return a section of a document, without its heading."""
    return document.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_tests_that_say_the_same_share_a_line():
    statuses = {f"t{i}": "failed" for i in range(5)} | {"odd": "failed"}
    messages = ["Error: no"] * 5 + ["Error: another"]
    run = make_run(
        "r", statuses, {"message": messages, "duration_s": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]}
    )
    lines = [
        line for line in part(fr.document(run), "Tests in detail").splitlines() if "**t" in line
    ]
    assert len(lines) == 1
    assert "**t0**, **t1**, **t2**, **t3** and **t4** (1.0 s to 5.0 s): " in lines[0]


def test_a_test_of_several_projects_is_named_with_its_projects():
    titles, projects = ["login"] * 3 + ["logout"], ["chromium", "firefox", "webkit", "webkit"]
    columns = {
        "title": titles, "project": projects, "status": ["failed"] * 3 + ["passed"],
        "case_id": [f"a › {t} › {p}" for t, p in zip(titles, projects, strict=True)],
    }  # fmt: skip
    run = make_run("r", {str(i): "failed" for i in range(4)}, columns)
    text = fr.document(run)
    detail = part(text, "Tests in detail")
    assert all(f"**login ({name})**" in detail for name in projects[:3])
    assert "- logout (webkit) –" in detail
    assert "A test counts once in each project in which it ran." in part(text, "Results")


def test_the_parts_of_one_run_have_a_document_in_every_form(command, tmp_path):
    cases = [
        f'<testcase classname="a" name="t{i}"><failure message="no"/></testcase>' for i in range(2)
    ]
    for name in ("linux", "windows"):
        (tmp_path / "out" / name).mkdir(parents=True)
        text = f"<testsuite>{''.join(cases)}</testsuite>"
        (tmp_path / "out" / name / "junit.xml").write_text(text)
    words = ("run", "out/{variant}/junit.xml", "--by", "variant", "--document", "-o")
    assert command(*words, "p.html", cwd=tmp_path).returncode == 0
    assert command(*words, "p.md", cwd=tmp_path).returncode == 0
    text = (tmp_path / "p.md").read_text(encoding="utf-8")
    assert (
        "$ fictures-reports run 'out/{variant}/junit.xml' -o p.md --document --by variant" in text
    )
    assert "**t0**" in text
    assert "**t0 (" not in text


def test_of_one_project_none_is_named():
    text = fr.document(make_run("r", {"login": "failed"}, {"project": ["chromium"]}))
    assert "(chromium)" not in text
    assert "counts once" not in text


def test_many_new_failures_are_counted_by_file_and_few_are_named():
    before = {f"t{i}": "passed" for i in range(30)}
    for failing, said in (
        (30, "30 tests passed before and fail now: a.spec.ts (30)."),
        (2, "**t1**"),
    ):
        after = {name: "failed" if i < failing else "passed" for i, name in enumerate(before)}
        text = fr.document(fr.compare(make_run("b", before), make_run("a", after)))
        worse = part(text, "What changed").split("### What is worse")[1].split("### ")[0]
        assert said in worse
        assert len(worse.strip().splitlines()) == (1 if failing == 30 else 2)


def test_the_appendix_of_many_files_still_adds_up():
    statuses = {f"t{i}": "failed" if i == 99 else "passed" for i in range(100)}
    run = make_run("r", statuses, {"file": [f"f{i:02}.ts" for i in range(100)]})
    table = part(fr.document(run), "Appendix: tests by file").split("---:|\n")[1].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table if line]
    counts = {row[0]: [int(cell) for cell in row[1:]] for row in rows}
    assert len(rows) == 42
    assert counts["f99.ts"] == [1, 0, 1]
    assert counts["60 other files"] == [60, 60, 0]
    total = counts.pop("all")
    assert total == [100, 99, 1]
    assert [sum(column) for column in zip(*counts.values(), strict=True)] == total


def test_of_very_many_files_those_with_most_failures_are_told():
    statuses = {f"t{i}": "failed" for i in range(60)}
    files = [f"f{i:02}.ts" for i in range(58)] + ["f57.ts", "f57.ts"]
    detail = part(fr.document(make_run("r", statuses, {"file": files})), "Tests in detail")
    assert detail.count("\n### ") == 30
    assert "### f57.ts (3 failing)" in detail
    assert detail.rstrip().endswith("28 more files, with 28 failing tests.")
