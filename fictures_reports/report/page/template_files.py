"""The page's templates: compiled where a wheel was built, from their source in a checkout.

Compiling them takes 0.1 s, a tenth of what a page takes. This file imports nothing of the package,
so that a build can run it alone.
"""

from __future__ import annotations

from pathlib import Path

import jinja2

TEMPLATES = Path(__file__).parent / "templates"
# What Jinja makes of a template is for its own release only.
_COMPILED = Path(__file__).parent / "compiled" / f"jinja2-{jinja2.__version__}"


def environment() -> jinja2.Environment:
    """Return an environment that finds the templates, compiled ones first."""
    source = jinja2.FileSystemLoader(TEMPLATES)
    return jinja2.Environment(
        loader=jinja2.ModuleLoader(_COMPILED) if _COMPILED.is_dir() else source,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,  # a template is filled once or twice: that does not repay its optimiser
    )


def compile_into(folder: Path) -> None:
    """Write the templates as modules below a folder, for the release of Jinja that is installed."""
    environment().compile_templates(
        folder / _COMPILED.name, extensions=["j2"], zip=None, ignore_errors=False
    )
