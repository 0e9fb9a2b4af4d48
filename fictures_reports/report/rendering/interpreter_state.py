"""Leave the interpreter as it was after IPython has run in it."""

from __future__ import annotations

import builtins
import linecache
import os
import sys
import warnings
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from IPython.core.interactiveshell import InteractiveShell

if TYPE_CHECKING:
    from collections.abc import Iterator

_MISSING: Final = object()
#: What IPython sets in these modules, when it starts or when a cell fails, and never takes back.
_IN_SYS: Final = (
    "displayhook", "excepthook", "last_exc", "last_traceback", "last_type", "last_value",
    "ps1", "ps2", "ps3",
)  # fmt: skip
_IN_BUILTINS: Final = ("__IPYTHON__", "display", "exit", "get_ipython", "quit")


@contextmanager
def interpreter_restored() -> Iterator[None]:
    """Put hooks, built-in names, `__main__`, warning filters, folder and environment back."""
    hooks = _values(sys, _IN_SYS), _values(builtins, _IN_BUILTINS)
    main, path, sources = sys.modules["__main__"], list(sys.path), set(linecache.cache)
    environment, folder = dict(os.environ), _current_folder()
    try:
        with warnings.catch_warnings():
            yield
    finally:
        _set(sys, hooks[0])
        _set(builtins, hooks[1])
        sys.modules["__main__"], sys.path[:] = main, path
        _restore_environment(environment)
        if folder is not None and folder != _current_folder():
            os.chdir(folder)
        for name in linecache.cache.keys() - sources:
            if name.startswith("<ipython-input"):
                del linecache.cache[name]


@contextmanager
def outer_shell_aside() -> Iterator[None]:
    """Hide the IPython that this process already runs, such as Jupyter's, from a second one."""
    outer = InteractiveShell._instance  # noqa: SLF001
    keepers = [cls for cls in type(outer).__mro__ if vars(cls).get("_instance") is outer]
    keepers = keepers if outer is not None else []
    for cls in keepers:
        cls._instance = None  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for cls in keepers:
            cls._instance = outer  # type: ignore[attr-defined]


def _values(module: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: vars(module).get(name, _MISSING) for name in names}


def _set(module: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if value is _MISSING:
            vars(module).pop(name, None)
        else:
            setattr(module, name, value)


def _current_folder() -> Path | None:
    with suppress(OSError):  # it may be gone
        return Path.cwd()
    return None


def _restore_environment(before: dict[str, str]) -> None:
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    for name, value in before.items():
        if os.environ.get(name) != value:
            os.environ[name] = value
