"""What is installed only where it is asked for: `pip install "fictures-reports[report]"`."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from fictures_reports.errors import MissingExtra

#: extra → the modules that it brings
EXTRAS: Final = {
    "report": ("altair", "papermill", "nbconvert", "IPython"),
    "lake": ("deltalake", "duckdb"),
}


def require(extra: str, feature: str) -> None:
    """Raise `MissingExtra` where `feature` cannot work: a module of the extra is not installed."""
    missing = [name for name in EXTRAS[extra] if find_spec(name) is None]
    if missing:
        raise MissingExtra(
            f"{feature} needs {', '.join(missing)}, not installed here – "
            f'pip install "fictures-reports[{extra}]"'
        )
