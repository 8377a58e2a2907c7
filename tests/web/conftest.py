"""A browser, and the deployed platform's pages in it."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from local.platform import Platform
from tests.deployed import Deployed
from tests.web.browser import Visit, launched
from tests.web.city import Kitchen, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Enter = Callable[..., Visit]


@pytest.fixture(scope="session")
def kitchens(deployed: Deployed) -> dict[str, Kitchen]:
    return opened(deployed.platform)


@pytest.fixture(scope="module")
def browser(kitchens: dict[str, Kitchen]) -> "Iterator[Browser]":
    """After the kitchens are open, and gone with the module: while Playwright's event loop runs, no other one can."""
    del kitchens
    with launched() as started:
        yield started


@pytest.fixture
def visit(browser: "Browser", platform: Platform) -> Iterator[Enter]:
    """Opens one more person's browser. At the end none of them has complained: of the pages' security policy, say.
    What they saw last is printed, for a test that fails."""
    visits: list[Visit] = []

    def one(*, size: dict[str, int], dark: bool = False) -> Visit:
        visits.append(Visit(browser, platform.pages_url, size=size, dark=dark))
        return visits[-1]

    yield one
    complaints = [each.complaints for each in visits]
    for each in visits:
        print(f"--- {each.page.url}\n{each.page.locator('body').inner_text()}")
        each.context.close()
    assert complaints == [[] for _ in visits]
