"""Zones: H3 cells. Only Python computes them; resolvers cannot."""

import h3

from services.dispatch.planner import Point

RESOLUTION = 7  # hexagons of about 5 km², 2.4 km from centre to centre


def zone_of(point: Point) -> str:
    cell: str = h3.latlng_to_cell(point.lat, point.lng, RESOLUTION)
    return cell


def ring(zone: str, distance: int) -> list[str]:
    """The zones that are exactly `distance` steps from `zone`, in a fixed order; 0 gives the zone itself."""
    return sorted(h3.grid_ring(zone, distance))
