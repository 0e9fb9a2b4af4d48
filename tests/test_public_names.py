"""The names that `import fictures_reports as fr` gives, in whatever order they are used."""

from __future__ import annotations

import pickle

import fictures_reports as fr


def test_classify_can_be_given_to_other_processes():
    assert pickle.loads(pickle.dumps(fr.classify)) is fr.classify


def test_every_public_name_but_the_charts_can_be_called_after_all_were_imported():
    names = [getattr(fr, name) for name in fr.__all__]
    assert [one.__name__ for one in names if not callable(one)] == ["fictures_reports.charts"]
