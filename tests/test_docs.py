"""What the docs show is what the code does: commands, what they print, Python, tables, links."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import tomllib
from pathlib import Path

import pytest
import yaml

import fictures_reports as fr
from fictures_reports import settings
from fictures_reports.analysis.gate_expressions import COMPARISON_METRICS, RUN_METRICS
from fictures_reports.classification import load_rules
from fictures_reports.classification.rule_files import KEYS
from fictures_reports.classification.rules import PARTS, STANDINGS
from fictures_reports.cli.commands import cli
from fictures_reports.schema import CATEGORIES, OUTCOME_OF, STATUSES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md"))}
OTHERS = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
REFERENCE = PAGES["reference.md"]


def _load(path):
    spec = importlib.util.spec_from_file_location("docs_generate", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generate = _load(DOCS / "generate.py")


def section(title: str) -> str:
    return REFERENCE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def first_cells(text: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """Stand in a folder that looks like a checkout."""
    monkeypatch.chdir(tmp_path)
    return generate.workplace(tmp_path)


@pytest.mark.parametrize("name", PAGES)
def test_tables_that_the_code_knows_are_up_to_date(name):
    assert generate.filled(PAGES[name]) == PAGES[name], "run `python docs/generate.py`"


def test_every_public_name_method_and_chart_has_an_example_that_is_run():
    documented = generate.python_reference.documented()
    assert generate.python_reference.python_examples.missing(documented) == []
    assert {"charts.trend", "Run.where", "History.load", "Comparison.named"} <= documented.keys()
    assert set(fr.__all__) - {"charts"} <= documented.keys()
    page = PAGES["python.md"]
    assert page.count("\n>>> ") > len(documented)
    for name in documented:
        assert f"\n### {name}\n" in page


def test_an_example_that_fails_stops_the_page_from_being_written(workplace, monkeypatch):
    examples = generate.python_reference.python_examples
    monkeypatch.setattr(examples, "examples", lambda: {"x": "1 + 1\n{}['none']\n"})
    with pytest.raises(KeyError, match="none"):
        examples.sessions(workplace)


BLOCKS = [(name, i, b) for name, page in PAGES.items() for i, b in enumerate(generate.blocks(page))]


@pytest.mark.newest
@pytest.mark.parametrize(("name", "i", "block"), BLOCKS, ids=[f"{n}-{i}" for n, i, _ in BLOCKS])
def test_commands_print_what_the_docs_show(workplace, warm, name, i, block):
    steps, done = generate.steps(block), generate.printed(block, workplace, warm)
    assert len(done) == len(steps)
    for n, ((command, expected), (out, code)) in enumerate(zip(steps, done, strict=True)):
        pattern = ".*".join(map(re.escape, re.split(r"^…\n", expected, flags=re.MULTILINE)))
        assert re.fullmatch(pattern, out, re.DOTALL), f"{command}\nprints\n{out}"
        asked = n + 1 < len(steps) and steps[n + 1][0] == "echo $?"
        assert code == 0 or asked or "…" in expected, f"{command} exits with {code}"


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if "```python" in page])
def test_python_prints_what_the_docs_show(workplace, name):
    names: dict[str, object] = {}
    for code, expected in generate.PYTHON.findall(PAGES[name]):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, name, "exec"), names)
        assert out.getvalue() == expected


def test_what_is_not_run_says_why():
    for name, page in PAGES.items():
        for comment in re.findall(r"(<!--(?! begin )[^>]*-->)\n```", page):
            assert re.fullmatch(r"<!-- not run: .{10,} -->", comment), (name, comment)


def test_settings_and_rules_in_the_docs_can_be_used(tmp_path):
    for name, page in PAGES.items():
        for i, text in enumerate(re.findall(r"```toml\n(.*?)```", page, re.DOTALL)):
            path = tmp_path / f"{name}-{i}" / "pyproject.toml"
            path.parent.mkdir()
            path.write_text(text, encoding="utf-8")
            if "[[rule]]" in text:
                assert load_rules(path)
            else:
                assert tomllib.loads(text)["tool"]["fictures-reports"]
                assert settings.load(path.parent) != settings.Settings()


def test_the_workflow_in_the_docs_uses_what_the_action_has():
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    blocks = re.findall(r"```yaml\n(.*?)```", PAGES["ci.md"], re.DOTALL)
    of_action = [text for text in blocks if "uses: OWNER/" in text]
    assert len(of_action) > 2
    for text in of_action:
        steps = yaml.safe_load(text)["jobs"]["e2e"]["steps"]
        [step] = [step for step in steps if "fictures-reports" in step.get("uses", "")]
        assert step["with"].keys() <= action["inputs"].keys()
        used = re.findall(r"steps\.tests\.outputs\.([\w-]+)", text)
        assert set(used) <= action["outputs"].keys()


def test_the_reference_explains_every_status_and_category_and_no_other():
    statuses = re.findall(r"^\| `(\w+)` \| .+ \| (\w+) \|$", section("Statuses"), re.MULTILINE)
    assert dict(statuses) == OUTCOME_OF
    assert set(first_cells(section("Statuses"))) == set(STATUSES)
    assert tuple(first_cells(section("Categories"))) == CATEGORIES


def test_the_reference_names_every_metric_and_command():
    for metric in (*RUN_METRICS, *COMPARISON_METRICS):
        assert f"`{metric}`" in section("Gates"), metric
    for path, command in generate.walk(cli):
        assert f"\n### {path}\n" in section("Commands")
        assert command.help, path


def test_the_page_on_rules_names_every_key_part_and_standing():
    for name in (*KEYS, *PARTS, *STANDINGS):
        assert re.search(rf"`{name}`", PAGES["rules.md"]), name


def test_every_command_and_option_that_the_docs_type_exists():
    known = dict(generate.walk(cli))
    for name in [*PAGES, *OTHERS]:
        text = PAGES.get(name) or (ROOT / name).read_text(encoding="utf-8")
        for words in re.findall(r"(?:^\$ |`)(fictures-reports [a-z][^`|\n]*)", text, re.MULTILINE):
            paths = [path for path in known if f"{words} ".startswith(f"{path} ")]
            assert paths, f"{name}: {words}"
            options = {flag for option in known[max(paths, key=len)].params for flag in option.opts}
            given = set(re.findall(r" (--?[a-z][\w-]*)", re.sub(r"'[^']*'", "", words)))
            assert given <= options | {"--help"}, f"{name}: {words}"


def slug(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("name", [*PAGES, *OTHERS])
def test_links_lead_somewhere(name):
    folder = DOCS if name in PAGES else ROOT
    text = PAGES.get(name) or (ROOT / name).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (folder / path).resolve() if path else folder / name
        assert target.exists(), f"{name}: {link}"
        if anchor:
            titles = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in map(slug, titles), f"{name}: {link}"


def test_every_page_is_reached_from_the_map():
    linked = set(re.findall(r"\]\(([\w-]+\.md)\)", PAGES["index.md"]))
    assert linked == PAGES.keys() - {"index.md"}
