"""What the deployed pages' maps show is one file's to say."""

from pathlib import Path

import pytest

from infra.web import map_file
from infra.web.map_file import MapFileError


def written(folder: Path, text: str) -> Path:
    path = folder / "map.yaml"
    path.write_text(text)
    return path


def test_the_file_here_says_where_the_maps_begin() -> None:
    found = map_file.read()
    assert found.area.radius_m > 0
    assert found.tiles is None


def test_tiles_have_an_origin_that_the_pages_may_load_images_from(tmp_path: Path) -> None:
    text = (
        "centre: {lat: 52.5, lng: 13.4}\nradius_m: 9000\n"
        'tiles: {url: "https://tiles.example:8443/a/{z}/{x}/{y}.png", attribution: somebody}'
    )
    found = map_file.read(written(tmp_path, text))
    assert (found.area.lat, found.area.lng, found.area.radius_m) == (52.5, 13.4, 9000)
    assert found.tiles
    assert found.tiles.origin == "https://tiles.example:8443"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("radius_m: 9000", "centre: Field required"),
        ("centre: {lat: 95, lng: 0}\nradius_m: 9000", "centre.lat"),
        ("centre: {lat: 5, lng: 0}\nradius_m: 9000\ntile: x", "tile: Extra inputs"),
        (
            "centre: {lat: 5, lng: 0}\nradius_m: 9000\ntiles: {url: 'http://a/{z}/{x}/{y}', attribution: b}",
            "tiles.url: Value error, allowed is https://",
        ),
        ("centre: [", "not YAML"),
    ],
)
def test_a_mistake_is_named_with_what_is_allowed(tmp_path: Path, text: str, mistake: str) -> None:
    with pytest.raises(MapFileError, match=mistake):
        map_file.read(written(tmp_path, text))
