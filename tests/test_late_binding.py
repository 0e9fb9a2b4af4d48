"""Methods whose work stands in higher layers: every name is there."""

from __future__ import annotations

from importlib import import_module

import pytest

from fictures_reports.late_binding import HOMES


@pytest.mark.parametrize("name", HOMES)
def test_every_late_bound_function_is_there(name):
    assert callable(getattr(import_module(f"fictures_reports.{HOMES[name]}"), name))
