"""Who answers for tests: the checkout's CODEOWNERS, then the owners of the settings' areas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fictures_reports.cli.inputs import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from fictures_reports.settings import Settings


def owner_of(
    rows: pd.DataFrame, config: Settings, checkout: Path
) -> Callable[[str, str], str | None]:
    """Return what names the owner of a file and a case among `rows`; None where there is none."""
    from fictures_reports.analysis.breakdown import area_of
    from fictures_reports.analysis.codeowners import code_owners

    owners, cases = code_owners(checkout), rows.drop_duplicates("case_id")
    areas = dict(zip(cases["case_id"], area_of(cases, config.areas), strict=True))

    def owner(file: str, case: str) -> str | None:
        found = owners.of(file) if owners else None
        return found or config.owners.get(areas[case])

    return owner


def owners_of_files(history: str, chosen: dict[str, Any]) -> dict[str, str]:
    """Return who answers for each file of a history; nothing is read where nobody is named.

    A file whose cases are of several areas goes by its first.
    """
    from fictures_reports.analysis.codeowners import code_owners
    from fictures_reports.history import open_history

    config = settings()
    if not config.owners and code_owners(Path()) is None:
        return {}
    rows = open_history(history, **chosen, columns=("file", "case_id"))
    files = rows.drop_duplicates("file")
    named = owner_of(files, config, Path())
    pairs = zip(files["file"], files["case_id"], strict=True)
    return {file: who for file, case in pairs if (who := named(file, case))}
