from __future__ import annotations

import pytest

from fictures_reports.errors import SchemaError
from fictures_reports.settings import Settings, load


def test_settings_come_from_the_nearest_file_above(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.fictures-reports]\ngates = ["failed == 0"]\n')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert load(inner).gates == ["failed == 0"]


def test_own_file_wins_over_pyproject_and_rules_are_relative_to_it(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.fictures-reports]\ngates = ["failed == 0"]\n')
    (tmp_path / "fictures-reports.toml").write_text('rules = "rules.toml"\n')
    assert load(tmp_path) == Settings(rules=str(tmp_path / "rules.toml"))


def test_a_pyproject_without_our_table_changes_nothing(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert load(tmp_path).gates == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('gate = ["failed == 0"]', "did you mean 'gates'"),
        ('gates = "failed == 0"', "expected a list of gates"),
        ("[areas]\ncache = 'x'", "expected a table of lists"),
        ("[areas]\ncache = {owner = 'kim'}", "expected a table of lists"),
        ("[areas]\ncache = {patterns = ['c*'], owners = 'kim'}", "expected a table of lists"),
        ("[areas]\nok = ['a']\ncache = 'x'", "areas.cache = 'x'"),
        ("[areas]\ncache = {patterns = ['c*'], owners = 'kim'}", "did you mean 'owner'"),
        ("[areas]\ncache = {owner = 'kim'}", "areas.cache: needs patterns"),
        ("gates = ['failed == 0', 3]", "gates.1. = 3, expected a list of gates"),
        ("[renames]\na = 3", "renames.a = 3, expected a table of old id = new id"),
        ("rules = ['x']", "expected the path of a rule file"),
        ("[owners]\ncache = 'kim'", "unknown key 'owners'"),
        ("gates = [", "not TOML"),
    ],
)
def test_a_setting_that_is_wrong_is_refused_with_its_file(tmp_path, text, words):
    (tmp_path / "fictures-reports.toml").write_text(text)
    with pytest.raises(SchemaError, match=words) as error:
        load(tmp_path)
    assert "fictures-reports.toml" in str(error.value)


def test_a_table_of_ours_in_pyproject_that_is_no_table_is_refused(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool]\nfictures-reports = 3\n")
    with pytest.raises(SchemaError, match="expected a table of settings"):
        load(tmp_path)


def test_an_area_may_name_its_owner_beside_its_patterns(tmp_path):
    text = "[areas]\nplain = ['a*']\nowned = {patterns = ['b*', 'c*'], owner = 'kim'}\n"
    (tmp_path / "fictures-reports.toml").write_text(text)
    settings = load(tmp_path)
    assert settings.areas == {"plain": ["a*"], "owned": ["b*", "c*"]}
    assert settings.owners == {"owned": "kim"}
