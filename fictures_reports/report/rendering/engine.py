"""A papermill engine that runs the cells in this process: no kernel to start, no second import.

Outputs are those that a kernel would send: streams, display data, results and errors.
"""

from __future__ import annotations

import atexit
import io
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from tempfile import TemporaryDirectory
from threading import get_ident
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_output
from papermill.engines import Engine
from traitlets.config import Config

from fictures_reports.report.rendering.interpreter_state import (
    interpreter_restored,
    outer_shell_aside,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nbformat import NotebookNode
    from papermill.engines import NotebookExecutionManager

#: papermill's tag for the cell that it writes the parameters into.
_PARAMETERS: Final = "injected-parameters"


class _Publisher(DisplayPublisher):
    def publish(
        self, data: dict[str, Any], metadata: dict[str, Any] | None = None, **_: Any
    ) -> None:
        self.shell.outputs.append(new_output("display_data", data, metadata=metadata or {}))

    def clear_output(self, wait: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        self.shell.outputs.clear()


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        """Print no `Out[1]:`; the count is stored with the output."""

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        count = self.shell.count
        self.shell.outputs.append(
            new_output("execute_result", format_dict, metadata=md_dict or {}, execution_count=count)
        )

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Shell(InteractiveShell):
    """An IPython shell that keeps a cell's outputs instead of printing them."""

    outputs: list[NotebookNode]
    #: number of the cell that runs; IPython's own moves on before the result is shown
    count: int

    def init_virtualenv(self) -> None:
        """Leave `sys.path` alone: a report needs no packages of another environment."""

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.outputs.append(
            new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=stb)
        )


class _Stream(io.TextIOBase):
    """Appends what is printed to the outputs, joining runs of one stream as a kernel does.

    What other threads of the program print goes where it would have gone.
    """

    def __init__(self, shell: _Shell, name: str) -> None:
        self._shell, self._name = shell, name
        self._thread, self._before = get_ident(), getattr(sys, name)

    def write(self, text: str) -> int:
        if get_ident() != self._thread:
            return int(self._before.write(text)) if self._before else 0
        last = self._shell.outputs[-1] if self._shell.outputs else None
        if last is not None and last.output_type == "stream" and last.name == self._name:
            last.text += text
        elif text:
            self._shell.outputs.append(new_output("stream", name=self._name, text=text))
        return len(text)


class InProcessEngine(Engine):
    """Runs a notebook's code cells in one fresh IPython namespace of this process."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,  # noqa: ARG003
        started: list[NotebookNode],
        values: Mapping[str, Any] = MappingProxyType({}),
        **_: Any,
    ) -> None:
        """Run every code cell in order; stop at the first that raises, as papermill does.

        The notebook is put into `started`, so that the caller has it also if a cell fails.
        `values` are what parameters stand for: the cell with the parameters writes them as text,
        behind it each of these names has the value itself.
        """
        started.append(nb_man.nb)
        with _shell() as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                if cell.cell_type == "code" and not _run(shell, cell):
                    nb_man.cell_exception(cell, index)
                    break
                if _PARAMETERS in cell.metadata.get("tags", ()):
                    shell.user_ns.update(values)
                nb_man.cell_complete(cell, index)


@contextmanager
def _shell() -> Iterator[_Shell]:
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    with interpreter_restored(), outer_shell_aside(), TemporaryDirectory() as folder:
        # IPython makes a profile in its folder; a report leaves nothing behind in a home.
        shell = _Shell.instance(
            config=config, ipython_dir=folder, displayhook_class=_Hook,
            display_pub_class=_Publisher, parent=None,
        )  # fmt: skip
        shell.outputs = []
        try:
            yield shell
        finally:
            shell.restore_sys_module_state()
            _Shell.clear_instance()
            # IPython would keep the shell, and the runs in it, until the process ends.
            atexit.unregister(shell.atexit_operations)
            shell.user_ns.clear()


def _run(shell: _Shell, cell: NotebookNode) -> bool:
    shell.outputs = cell.outputs = []
    cell.execution_count = shell.count = shell.execution_count
    with redirect_stdout(_Stream(shell, "stdout")), redirect_stderr(_Stream(shell, "stderr")):
        done = shell.run_cell(cell.source, store_history=True)
    for error in (done.error_before_exec, done.error_in_exec):
        # IPython goes on after Ctrl-C, which may come while it compiles a cell's next statement;
        # this process is to end with it.
        if isinstance(error, KeyboardInterrupt):
            raise error
    return bool(done.success)
