"""The reference of the Python API: each name of `fr.__all__`, its docstring and an example."""

from __future__ import annotations

import inspect
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import python_examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Headings of the page, each with the names below it; their methods and properties follow them.
_GROUPS: Final = {
    "Read runs": ("read_run", "read_runs", "Run"),
    "Compare": ("compare", "Comparison"),
    "Judge": ("check", "Gate", "classify", "load_rules", "projection", "flakiness"),
    "Keep many runs": ("History",),
    "Write reports": ("render", "document"),
    "Errors": ("ReportsError", "ReadError"),
    "Charts": ("charts",),
}
_WIDE: Final = 100


def reference(workplace: Callable[[Path], Path]) -> str:
    """Write the whole reference; `workplace` makes a folder look like a checkout."""
    with TemporaryDirectory() as folder:
        examples = python_examples.sessions(workplace(Path(folder)))
    parts = [
        "The examples are one session at the root of the repository, which begins with\n\n"
        + examples["begin"]
    ]
    for heading, names in _GROUPS.items():
        parts.append(f"## {heading}\n")
        parts += [f"{text}\n{examples[name]}" for name, text in _described(names)]
    return "\n".join(parts)


def documented() -> dict[str, str]:
    """Return every public name with its description, those of classes and charts included."""
    names = [name for group in _GROUPS.values() for name in group]
    return dict(_described(names))


def _described(names: Any) -> Iterator[tuple[str, str]]:
    for name, value in _values(names):
        if text := _description(name, value):
            yield name, text


def _values(names: Any) -> Iterator[tuple[str, Any]]:
    """Yield the names with their values, each class before its methods and properties."""
    import fictures_reports as fr

    for name in names:
        value = getattr(fr, name)
        if name == "charts":
            drawn = [one for one in value.__all__ if callable(getattr(value, one))]
            yield from ((f"charts.{one}", getattr(value, one)) for one in drawn)
            yield from ((f"charts.frames.{n}", f) for n, f in _own(value.frames))
            continue
        yield name, value
        if isinstance(value, type) and not issubclass(value, Exception):
            members = [one for one in vars(value) if not one.startswith("_")]
            yield from ((f"{name}.{one}", vars(value)[one]) for one in members)


def _own(module: Any) -> list[tuple[str, Any]]:
    own = vars(module).items()
    return [
        (n, f) for n, f in own if n[0] != "_" and getattr(f, "__module__", "") == module.__name__
    ]


def _description(name: str, value: Any) -> str:
    """Write a function, class, method or property; "" for a field, which its class explains."""
    function = getattr(value, "fget", None) or getattr(value, "func", None) or value
    if not callable(function) or not inspect.getdoc(function):
        return ""
    signature = ""
    if function is not value:
        returned = inspect.signature(function).return_annotation
        signature = f"```text\n{name}: {returned}\n```\n\n"
    elif not isinstance(value, type):
        signature = f"```text\n{_signature(name, function)}\n```\n\n"
    text = (inspect.getdoc(function) or "").replace("<", "&lt;")
    return f"### {name}\n\n{signature}{text}\n"


class _Shown:
    """Stands for a default that is too long to be shown."""

    def __repr__(self) -> str:
        return "…"


def _signature(name: str, function: Any) -> str:
    """Write a signature as one would read it: no self, no quotes around types."""
    signature = inspect.signature(function)
    given = [_parameter(one) for one in signature.parameters.values() if one.name != "self"]
    words = [str(one) for one in given]
    kinds = [one.kind for one in given]
    if inspect.Parameter.KEYWORD_ONLY in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds:
        words.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    returned = f" -> {signature.return_annotation}"
    line = f"{name}({', '.join(words)}){returned}"
    if len(line) <= _WIDE:
        return line
    return f"{name}(\n" + "".join(f"    {word},\n" for word in words) + f"){returned}"


def _parameter(one: inspect.Parameter) -> inspect.Parameter:
    if isinstance(one.annotation, str):
        # `inspect` shows a type by its name, and a text in quotes.
        one = one.replace(annotation=type(one.annotation, (), {"__module__": "builtins"}))
    return one.replace(default=_Shown()) if len(repr(one.default)) > _WIDE else one
