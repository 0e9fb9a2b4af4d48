"""The owners of a file, as the hosts would name them."""

from __future__ import annotations

import pytest

from fictures_reports.analysis.codeowners import CodeOwners, code_owners


@pytest.mark.parametrize(
    ("pattern", "file", "fits"),
    [
        ("*", "a/b.ts", True),
        ("*.ts", "a/b.ts", True),
        ("/*.ts", "a/b.ts", False),
        ("/*.ts", "b.ts", True),
        ("docs/*", "docs/a.md", True),
        ("docs/*", "docs/sub/a.md", False),
        ("apps/", "x/apps/sub/a.ts", True),
        ("/apps/", "x/apps/a.ts", False),
        ("/apps/", "apps/sub/a.ts", True),
        ("/apps/web", "apps/web/a/b.ts", True),
        ("**/logs", "deep/logs/a.ts", True),
        ("tests/**/cart.py", "tests/cart.py", True),
        ("tests/**/cart.py", "tests/a/b/cart.py", True),
        ("tests/**", "tests/a/b.py", True),
        ("a\\ b/*.py", "a b/c.py", True),
        ("app/[id]/*.ts", "app/[id]/page.ts", True),
        ("test_?.py", "x/test_a.py", True),
    ],
)
def test_a_pattern_means_what_the_hosts_say(pattern, file, fits):
    assert CodeOwners(f"{pattern} @team # whose").of(file) == ("@team" if fits else None)


def test_the_last_pattern_counts_and_may_name_nobody():
    owners = CodeOwners("# all\n* @all\n/tests/ @qa @e2e\n/tests/free.py\n")
    assert owners.of("tests/a.py") == "@qa @e2e"
    assert owners.of("src/a.py") == "@all"
    assert owners.of("tests/free.py") is None


def test_each_section_of_gitlab_names_its_owners():
    owners = CodeOwners("* @all\n[Tests][2] @qa\ntests/\n^[Docs] @docs\n*.md @writer\n")
    assert owners.of("tests/a.py") == "@all @qa"
    assert owners.of("a.md") == "@all @writer"


def test_a_file_named_from_another_folder_is_looked_for_in_the_checkout(tmp_path):
    (tmp_path / "web" / "e2e").mkdir(parents=True)
    (tmp_path / "web" / "e2e" / "cart.spec.ts").touch()
    (tmp_path / "CODEOWNERS").write_text("/web/ @web\n")
    owners = code_owners(tmp_path)
    assert owners.of("cart.spec.ts") == owners.of("e2e/cart.spec.ts") == "@web"
    (tmp_path / "cart.spec.ts").touch()
    assert owners.of("cart.spec.ts") is None


def test_a_folder_without_the_file_has_no_owners(tmp_path):
    assert code_owners(tmp_path) is None
