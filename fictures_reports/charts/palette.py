"""One palette for statuses, changes and sides, in every chart and page."""

from __future__ import annotations

from typing import Final

# Okabe and Ito's colours, told apart with every common colour vision deficiency
# (https://jfly.uni-koeln.de/color/), greys for what did not run.
STATUS_COLOURS: Final = {
    "passed": "#009e73", "flaky": "#e69f00", "failed": "#d55e00", "xpassed": "#56b4e9",
    "xfailed": "#cc79a7", "skipped": "#7f8c99", "not_run": "#b4bcc4", "interrupted": "#5b6570",
    "absent": "#d8dde2",
}  # fmt: skip
CHANGE_COLOURS: Final = {
    "broken": "#d55e00", "arrived_failing": "#d55e00", "unmasked": "#d55e00",
    "undeclared": "#d55e00", "declared": "#cc79a7", "still_declared": "#cc79a7",
    "still_failing": "#b07050", "masked": "#e69f00", "vanished": "#e69f00", "lost": "#e69f00",
    "fixed": "#009e73", "gained": "#009e73", "arrived": "#56b4e9", "still_passing": "#7fb8a4",
    "still_skipped": "#9aa5b0", "left": "#c3cad1", "arrived_skipped": "#c3cad1",
}  # fmt: skip
SIDE_COLOURS: Final = {"before": "#9aa5b0", "after": "#0072b2"}
