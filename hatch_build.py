"""Compiles the page's templates while a wheel is built."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path
from shutil import rmtree
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGE = Path("fictures_reports", "report", "page")


class CompiledTemplates(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the compiled templates to a wheel; in an editable install they are still edited."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile into the build's folder and name what came out as part of the package."""
        if version == "editable":
            return
        folder = Path(self.root, "build", "templates")
        rmtree(folder, ignore_errors=True)
        run_path(str(Path(self.root, PAGE, "template_files.py")))["compile_into"](folder)
        build_data["force_include"][str(folder)] = str(PAGE / "compiled")
