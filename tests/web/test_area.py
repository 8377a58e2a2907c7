"""The zones that an operator's map shows."""

import h3
import pytest

from infra.web.area import Area
from infra.web.configuration import DEMO_CITY
from services.dispatch.places import Point
from services.dispatch.zones import RESOLUTION, zone_of

AREAS = [DEMO_CITY, Area(52.5, 13.4, 15_000), Area(0.0, 0.0, 500)]


@pytest.mark.parametrize("area", AREAS)
def test_every_place_that_the_map_begins_with_is_in_a_zone_that_it_shows(area: Area) -> None:
    shown = {zone.id for zone in area.zones(RESOLUTION)}
    half = area.radius_m / 111_195
    places = [Point(area.lat + north * half, area.lng + east * half) for north in (-1, 0, 1) for east in (-1, 0, 1)]
    assert {zone_of(place) for place in places} <= shown


def test_zones_are_drawn_as_dispatch_cuts_them() -> None:
    for zone in DEMO_CITY.zones(RESOLUTION):
        assert len(zone.corners) == len(h3.cell_to_boundary(zone.id))
        assert zone_of(Point(*h3.cell_to_latlng(zone.id))) == zone.id


def test_zones_far_away_are_not_shown() -> None:
    assert len(DEMO_CITY.zones(RESOLUTION)) < 10
