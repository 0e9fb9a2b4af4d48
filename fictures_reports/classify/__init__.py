"""Why tests failed or were skipped: rules as data, and the small engine over them.

The package can be called, which is `classify`: whoever imports it, or anything in it, makes it the
attribute `classify` of the package above, where the function of that name is looked for.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from fictures_reports.classify.explain import dry_run, explain
from fictures_reports.classify.frames import classify
from fictures_reports.classify.rules import Rule, default_rules, load_rules
from fictures_reports.classify.series import printed_measurements

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = [
    "Rule",
    "classify",
    "default_rules",
    "dry_run",
    "explain",
    "load_rules",
    "printed_measurements",
]


class _Callable(ModuleType):
    def __call__(self, results: pd.DataFrame, rules: Sequence[Rule] | None = None) -> pd.DataFrame:
        return classify(results, rules)

    def __reduce__(self) -> tuple[Any, ...]:
        # Functions can be given to other processes, modules as such cannot.
        return import_module, (self.__name__,)


_Callable.__call__.__doc__ = classify.__doc__
sys.modules[__name__].__class__ = _Callable
