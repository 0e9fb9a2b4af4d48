"""Files that could not be collected before and are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.run import Run


def loaded_again(before: Run, after: Run) -> list[str]:
    """Name the files that broke while they were loaded, as the run's errors say, and run now."""
    broken = {
        place.file
        for error in before.info.errors
        if (place := before.info.error_places.get(error)) and place.phase == "collection"
    }
    still = {place.file for place in after.info.error_places.values()}
    running = set(after.results["file"].unique())
    return sorted(file for file in broken - still if file and file in running)


def collected_again(changes: pd.DataFrame, before: Run, after: Run) -> pd.DataFrame:
    """Call the error of a file that could not be collected fixed where its tests run now."""
    import numpy as np

    is_of_file = before.results["phase"] == "collection"
    if not is_of_file.any():
        return changes.assign(collected=np.zeros(len(changes), dtype="bool"))
    failed = before.results.loc[is_of_file, ["case_id", "file"]]
    ran = (after.results["phase"] != "collection") & after.results["file"].isin(failed["file"])
    running = after.results.loc[ran, "file"]
    runs_now = failed.loc[failed["file"].isin(running) & (failed["file"] != ""), "case_id"]
    fixed = (changes["change"] == "vanished") & changes["case_id"].isin(runs_now)
    return changes.assign(change=changes["change"].where(~fixed, "fixed"), collected=fixed)
