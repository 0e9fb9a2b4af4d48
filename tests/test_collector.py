import gc

import pytest

from fictures_reports.gc_pause import paused


@pytest.fixture(autouse=True)
def _as_before():
    yield
    gc.enable()


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_off_meanwhile_and_then_as_it_was(on):
    if not on:
        gc.disable()
    with paused():
        assert not gc.isenabled()
    assert gc.isenabled() == on


def test_an_error_ends_the_pause():
    with pytest.raises(ValueError, match="invalid literal"), paused():
        int("x")
    assert gc.isenabled()


def test_a_pause_within_a_pause_does_not_end_it():
    with paused():
        with paused():
            pass
        assert not gc.isenabled()


def test_many_objects_made_meanwhile_are_old_at_once():
    with paused():
        made = [[] for _ in range(150_000)]
    young = [one for one in gc.get_objects(generation=0) if type(one) is list]
    assert len(made) == 150_000
    assert len(young) < 1000
    assert gc.get_freeze_count() < 1000  # old, not out of sight


def test_what_was_frozen_stays_so():
    gc.freeze()
    try:
        n_frozen = gc.get_freeze_count()
        with paused():
            made = [[] for _ in range(150_000)]
        assert gc.get_freeze_count() == n_frozen
        assert made
    finally:
        gc.unfreeze()


def test_few_objects_made_meanwhile_stay_young():
    gc.collect()
    with paused():
        made = [[] for _ in range(300)]
        young = {id(one) for one in gc.get_objects(generation=0)}
    assert {id(one) for one in made} <= young
