"""What README and docstrings say is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import fictures_reports as fr
from fictures_reports.cli.commands import cli
from fictures_reports.readers.formats import titles
from fictures_reports.schema import CATEGORIES, CHANGES, COLUMNS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WHAT_IT_DOES = (ROOT / "docs" / "what-it-does.md").read_text(encoding="utf-8")
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
COLUMNS_TABLE = REFERENCE.partition("<!-- begin columns -->")[2].partition("<!-- end ")[0]


def test_the_reference_lists_every_column_with_dtype_unit_and_meaning():
    pattern = r"^\| `(\w+)` \| (\w+) \| (.+?) \| (.*?) \| (.+?) \|$"
    rows = re.findall(pattern, COLUMNS_TABLE, re.MULTILINE)
    expected = [(c.name, c.group, c.dtype, c.unit, c.meaning) for c in COLUMNS]
    assert [tuple(cell.strip() for cell in row) for row in rows] == expected
    assert "docs/reference.md#columns" in README


def test_the_page_on_what_it_does_names_every_change_and_category():
    for name in (*CHANGES, *CATEGORIES):
        assert f"`{name}`" in WHAT_IT_DOES, name


def test_the_readme_is_short_and_shows_the_first_steps_in_few_lines():
    assert len(README.splitlines()) <= 70
    own = README.partition("**Your own results**")[2].partition("```console\n")[2]
    assert len(own.partition("```")[0].splitlines()) == 4
    ci = README.partition("```yaml\n")[2].partition("```")[0]
    assert len(ci.splitlines()) == 6
    python = README.partition("```python\n")[2].partition("```")[0]
    assert len(list(filter(None, python.splitlines()))) == 6
    for words in ("make report", "make test", "pip install ", "uvx ", "(reports/sample.png)"):
        assert words in README


def test_the_python_of_the_first_screen_runs(tmp_path, monkeypatch):
    code = re.search(r"```python\n(.+?)```", README, re.DOTALL).group(1)
    code = code.replace("reports/phase2.html", str(tmp_path / "phase2.html"))
    monkeypatch.chdir(Path(__file__).parents[1])
    exec(compile(code, "README.md", "exec"), {})
    page = (tmp_path / "phase2.html").read_text("utf-8")
    assert "15,962 ms against a limit of 2,000 ms: 8.0 × the limit" in page


def test_the_finding_in_the_readme_is_what_the_runs_show(runs):
    c = fr.compare(fr.read_run(runs / "phase2-initial"), fr.read_run(runs / "phase2-rerun"))
    from fictures_reports.analysis.durations import worker_time
    from fictures_reports.analysis.wording import percent

    spent = worker_time(c.before)
    row = c.after.results.set_index("case_id").loc[c.named("broken")["case_id"].iloc[0]]
    assert f"took {row['measured']:,.0f} ms, {row['ratio']:.2f} times its limit" in README
    assert f"took {percent(spent.timeout_s, spent.capacity_s)} of the workers' time" in README
    assert f"only **{c.counts['fixed']} were fixed**" in README
    assert f"**{c.counts['masked']} are skipped now**" in README


def test_every_command_in_the_readme_exists_and_has_help():
    for name in set(re.findall(r"^\$ fictures-reports (\w+)", README, re.MULTILINE)):
        assert cli.commands[name].help


def test_the_help_names_every_format_that_is_read(command):
    said = command("--help").stdout.replace("-\n  ", "-")  # a name may be broken at its hyphen
    said = " ".join(said.split())
    assert f"as the runners wrote them: {titles()}. Or HISTORY@latest" in said


def test_public_names_are_importable_and_listed():
    for name in fr.__all__:
        assert getattr(fr, name) is not None
    assert set(fr.__all__) == set(fr._HOMES)
