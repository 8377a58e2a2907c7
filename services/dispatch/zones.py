"""Zones: H3 cells. Only Python computes them; resolvers cannot."""

import h3

from services.dispatch.places import Point

# Hexagons of about 250 km², 17 km from centre to centre: a city, so that all of it is planned at once. A smaller zone
# would be blind to the better plan across its border; a larger one has more open deliveries than a round has time for.
RESOLUTION = 5


def zone_of(point: Point) -> str:
    cell: str = h3.latlng_to_cell(point.lat, point.lng, RESOLUTION)
    return cell


def ring(zone: str, distance: int) -> list[str]:
    """The zones that are exactly `distance` steps from `zone`, in a fixed order; 0 gives the zone itself."""
    return sorted(h3.grid_ring(zone, distance))


def centre(zone: str) -> Point:
    return Point(*h3.cell_to_latlng(zone))
