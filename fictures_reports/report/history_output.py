"""A history written as a page, a notebook, Markdown or JSON: `History.render`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.classification import load_rules
from fictures_reports.errors import RenderError, did_you_mean
from fictures_reports.guards import need_options, path_of, share_or_none
from fictures_reports.report import history_report
from fictures_reports.safe_write import write

if TYPE_CHECKING:
    from fictures_reports.history import History

_KINDS: Final = {
    ".html": "html", ".htm": "html", ".ipynb": "ipynb", ".pdf": "pdf", ".md": "markdown",
    ".json": "json",
}  # fmt: skip
_CHOSEN: Final = ("last", "since", "branch", "stream")
_OPTIONS: Final = (
    *_CHOSEN,
    "target",
    "phases",
    "causes",
    "rules",
    "show_code",
    "static",
    "template",
)


def render_history(history: History, path: str | Path, **options: Any) -> Path:
    """Write the report on a history and return the path; its ending decides the form.

    Options: last, since, branch, stream, target (a share, 0–1), phases (name → label of its first
    run), causes (groups that people named: name → patterns), rules (a rule file for a folder of
    runs), show_code, static, template.
    Raises `RenderError` for another ending.
    """
    need_options(options, _OPTIONS, "render")
    share_or_none(options.get("target"), "target")
    kind = _KINDS.get(path_of(path, "the report's path").suffix)
    if kind is None:
        raise RenderError(f"{path}: no form goes with this ending{did_you_mean(path, _KINDS)}")
    target = Path(path)
    chosen = {name: options.pop(name, None) for name in _CHOSEN}
    share, phases = options.pop("target", None), options.pop("phases", {})
    causes, rules = options.pop("causes", {}), options.pop("rules", "")
    if kind in ("markdown", "json"):
        own_rules = load_rules(rules) if rules else None
        found = history_report.findings(
            history.path, target=share, causes=causes, rules=own_rules, **chosen
        )
        as_text = history_report.as_json if kind == "json" else history_report.as_markdown
        write(as_text(found), target)
        return target
    parameters = {"history": history.path, **chosen, "target": share, "phases": phases,
                  "causes": causes, "rules": str(rules)}  # fmt: skip
    history_report.render(parameters, kind, target, **options)
    return target
