"""A `fictures-reports` and a `python` on the path whose processes begin with everything imported.

Each is forked off a server that has imported the package and drawn one page: what a shell meets
(arguments, folder, environment, streams, exit code) is that of any process, without the second of
CPU time that a new interpreter takes to get there. The `python` begins so with a module of ours,
`-P -m fictures_reports…`, which is how a CI step draws its page; else it is this Python.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_CLIENT = """#!{python} -IS
import json, os, socket, sys
module, words = "fictures_reports.cli.commands", sys.argv[1:]
if os.path.basename(sys.argv[0]) != "fictures-reports":
    if words[:2] != ["-P", "-m"] or not words[2].startswith("fictures_reports"):
        os.execv({python!r}, [{python!r}, *words])
    module = module if words[2] == "fictures_reports" else words[2]
    words = words[3:]
server = socket.socket(socket.AF_UNIX)
server.connect({address!r})
words = json.dumps([module, words, os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(server, [b"%d\\n" % len(words)], [0, 1, 2])
server.sendall(words)
sys.exit(int(server.recv(8) or 70))
"""


@contextmanager
def on_a_path(folder: Path) -> Iterator[Path]:
    """Start the server and give a folder that has the commands, for `PATH`."""
    address = folder / "server"
    process = subprocess.Popen(
        [sys.executable, __file__, str(address)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        (folder / "bin").mkdir()
        for name in ("fictures-reports", "python", "python3"):
            script = folder / "bin" / name
            script.write_text(_CLIENT.format(python=sys.executable, address=str(address)))
            script.chmod(0o755)
        yield folder / "bin"
    finally:
        process.terminate()
        process.communicate()


def _serve(address: str) -> None:
    _import_what_commands_need()
    _draw_a_page(Path(address).with_name("page.html"))
    gc.collect()
    gc.freeze()  # what is there now is no process's garbage, and its memory stays shared
    # Nobody waits for a child here: its client does, for the exit code that it sends.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    server = socket.socket(socket.AF_UNIX)
    server.bind(address)
    server.listen()
    os.write(1, b"ready\n")
    while True:
        client, _ = server.accept()
        if os.fork() == 0:
            server.close()
            _answer(client, Path(address).with_name("bin") / "python")
        client.close()


def _answer(client: socket.socket, python: Path) -> None:
    """Be the command that a client asks for, with its streams, and never return."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    start, streams, _, _ = socket.recv_fds(client, 64, 3)
    length, _, words = start.partition(b"\n")
    while len(words) < int(length):
        words += client.recv(1 << 16)
    module, arguments, folder, environment = json.loads(words)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    # New ones over the same numbers: the server's know that theirs was a file, or at which place.
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
        for number, mode in enumerate("rww")
    )
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv, sys.executable = ["fictures-reports", *arguments], str(python)
    code: Any = 0
    try:
        importlib.import_module(module).main()
    except SystemExit as stop:
        code = stop.code or 0
    sys.stdout.flush()
    sys.stderr.flush()
    client.sendall(str(code).encode())
    os._exit(0)


def _draw_a_page(target: Path) -> None:
    """Fill the caches that every page fills: its styles, templates, rules and patterns."""
    import fictures_reports as fr

    runs = Path(__file__).parents[1] / "runs"
    fr.compare(*(fr.read_run(runs / name) for name in ("api-initial", "api-rerun"))).to_html(target)


def _import_what_commands_need() -> None:
    import pkgutil

    import fictures_reports

    for module in pkgutil.walk_packages(fictures_reports.__path__, "fictures_reports."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


if __name__ == "__main__":
    _serve(sys.argv[1])
