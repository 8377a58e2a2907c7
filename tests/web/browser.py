"""The Chromium that is on this machine, driven by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, StorageState

MISSING = "The pages' tests need chromium on PATH"
# As root there is no sandbox, and nothing but the pages under test shall be asked for.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
SHEET = {"width": 900, "height": 1100}


def chromium() -> str | None:
    """Where it is, None where there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def launched() -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright  # most runs need no browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(_FLAGS))
        yield browser
        browser.close()


class Visit:
    """One person's browser at the pages: with an empty memory, so signed in as nobody, or with another visit's."""

    def __init__(
        self,
        browser: "Browser",
        pages_url: str,
        *,
        size: dict[str, int],
        dark: bool = False,
        state: "StorageState | None" = None,
    ) -> None:
        self._url = pages_url
        self.context: BrowserContext = browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            timezone_id="UTC",
            base_url=pages_url,
            storage_state=state,
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, kind: str, text: str) -> None:
        # A lost connection is said by the browser itself, and is what some tests are about.
        if kind == "error" and "net::ERR_INTERNET_DISCONNECTED" not in text:
            self.complaints.append(text)

    def open(self, path: str) -> "Page":
        self.page.goto(f"{self._url}/{path}")
        return self.page

    def enter(self, path: str) -> "Page":
        """Opens a page and signs in by its demo button."""
        self.open(path)
        self.page.get_by_role("button", name="Try it as").click()
        self.page.get_by_role("button", name="Sign out").wait_for()
        return self.page
