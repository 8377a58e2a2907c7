"""How much JavaScript the built pages ask for."""

import gzip
from pathlib import Path

import pytest

from infra.web.sizes import BUDGET, javascript
from tests.deployed import Deployed

PAGES = ("customer", "driver", "operator", "track")


@pytest.mark.local_cloud
@pytest.mark.parametrize("page", PAGES)
def test_a_page_keeps_to_its_budget(deployed: Deployed, page: str) -> None:
    size = javascript(page)  # the deployed platform's pages are built
    assert 0 < size.of_map < size.total
    assert size.without_map <= BUDGET


def test_what_a_page_names_and_its_longest_texts_are_counted(tmp_path: Path) -> None:
    assets = tmp_path / "assets"
    assets.mkdir()
    contents = {"customer-a1": b"a" * 9, "map-b2": b"bc" * 40, "unnamed-c3": b"c", "en-d4": b"d", "es-e5": b"e fg hi"}
    for name, content in contents.items():
        (assets / f"{name}.js").write_bytes(content)
    (tmp_path / "customer.html").write_text(
        '<script type="module" crossorigin src="/assets/customer-a1.js"></script>\n'
        '<link rel="modulepreload" crossorigin href="/assets/map-b2.js">\n'
        '<link rel="stylesheet" href="/assets/base-f6.css">'
    )
    gzipped = {name: len(gzip.compress(content, 9)) for name, content in contents.items()}
    found = javascript("customer", tmp_path)
    assert found.of_map == gzipped["map-b2"]
    assert found.total == gzipped["customer-a1"] + gzipped["map-b2"] + gzipped["es-e5"]
