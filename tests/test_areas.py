"""Areas as people write them: lists, one pattern, tables with an owner."""

from __future__ import annotations

import pytest

import fictures_reports as fr
from fictures_reports.analysis.breakdown import ELSEWHERE, area_of
from fictures_reports.analysis.readiness import blockers
from fictures_reports.errors import SchemaError

from .conftest import make_run

RUN = make_run("a", {"studio": "failed", "login": "failed"})


@pytest.mark.parametrize(
    "studio", ["*studio*", ["*studio*"], ("*studio*",), {"patterns": "*studio*"},
               {"patterns": ["*studio*"], "owner": "kim"}],
)  # fmt: skip
def test_one_pattern_a_list_and_a_table_of_patterns_mean_the_same(studio):
    areas = {"studio": studio}
    assert area_of(RUN.results, areas).tolist() == ["studio", ELSEWHERE]
    assert fr.check(RUN, ["failed[area=studio] == 1"], areas=areas)[0].holds
    assert set(fr.projection(RUN, by="area", areas=areas)["group"]) == {"studio", ELSEWHERE}


def test_the_owner_in_a_table_answers_for_the_area():
    areas = {"studio": {"patterns": ["*studio*"], "owner": "kim"}}
    assert blockers(RUN, areas=areas)["owners"].explode().tolist()[0] == "kim"
    assert blockers(RUN, areas=areas, owners={"studio": "lee"})["owners"].explode().tolist()[0] == (
        "lee"
    )


@pytest.mark.parametrize(
    "areas",
    [{"studio": 3}, {"studio": None}, {"studio": ["*studio*", 3]}, {"studio": {"owner": "kim"}},
     {"studio": {"patterns": ["*"], "owners": "kim"}}, {"studio": {"patterns": ["*"], "owner": 3}},
     "studio", ["studio"]],
)  # fmt: skip
def test_areas_of_another_shape_are_refused_before_any_work(areas, tmp_path):
    for ask in (
        lambda: fr.check(RUN, ["failed == 2"], areas=areas),
        lambda: fr.projection(RUN, areas=areas),
        lambda: fr.render("run", run=RUN, areas=areas, output=tmp_path / "page.html"),
    ):
        with pytest.raises(SchemaError, match=r"studio.*, expected patterns such as") as caught:
            ask()
        assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())
