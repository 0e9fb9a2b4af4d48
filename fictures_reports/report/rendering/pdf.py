"""A page as PDF, printed by a Chromium or Chrome that is on the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from fictures_reports.errors import RenderError

#: Names a browser that is not in the PATH, or under another name.
VARIABLE: Final = "FICTURES_CHROMIUM"
_NAMES: Final = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge",
    "microsoft-edge",
)  # fmt: skip
#: Seconds after which a browser that prints nothing is given up.
_PATIENCE_S: Final = 180


def browser() -> str:
    """Return the browser that prints; raise `RenderError` if there is none."""
    if named := os.environ.get(VARIABLE):
        if found := shutil.which(named):
            return found
        raise RenderError(f"{VARIABLE} is {named!r}, which is no program")
    if found := next(filter(None, map(shutil.which, _NAMES)), None):
        return found
    raise RenderError(
        "PDF is printed by Chromium or Chrome, and none is in the PATH: install one, or name it "
        f"in {VARIABLE}"
    )


def print_page(html: str, target: Path) -> None:
    """Write a page of ours as PDF, charts drawn and details open."""
    program = browser()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page, printed = Path(folder) / "report.html", Path(folder) / "report.pdf"
        page.write_text(html, encoding="utf-8")
        command = [
            program, "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions",
            "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND",
            "--no-pdf-header-footer", "--window-size=1000,1400",
            f"--user-data-dir={folder}/profile",
            # The clock stands still while the page works, so this is no time that anyone waits.
            "--virtual-time-budget=60000", f"--print-to-pdf={printed}", page.as_uri(),
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            # Chromium has no sandbox for root; the page is ours and may load nothing.
            command.insert(1, "--no-sandbox")
        try:
            done = subprocess.run(  # noqa: S603
                command, check=False, capture_output=True, text=True, errors="replace",
                timeout=_PATIENCE_S,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RenderError(f"{program} could not print the report: {error}") from error
        if not printed.is_file():
            error_lines = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
            raise RenderError(f"{program} printed no PDF: {error_lines[0]}")
        shutil.copyfile(printed, target)
