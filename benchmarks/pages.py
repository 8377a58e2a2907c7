"""How soon the pages are there, and how soon they answer: `python -m benchmarks.pages [--runs N] [--report FILE]`.

Each page of the running platform is opened in headless Chromium, signed in already and with nothing in its cache, on a
machine made four times as slow; then its biggest button is pressed. Medians over the runs, in milliseconds since the
page was asked for, as the browser's own performance entries have them:
  first     first contentful paint
  largest   largest contentful paint until the button was pressed
  useful    what the page is for is on it: orders to look at, the duty switch, the live board, the order's status
  blocked   total blocking time until then: what tasks took beyond 50 ms each
  task      the longest task until then
  press     from pressing the button to the next frame that shows it; nothing below 16 is seen
and kilobytes of JavaScript, gzipped, with the map and without. `--network slow-4g` is what Lighthouse takes for a
phone: 150 ms round trip, 1.6 Mbit/s. Needs a platform that nobody else uses: `delivery up`.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.open_order import OpenOrder, open_order
from infra.web.sizes import BUDGET, javascript
from local.environment import running
from local.platform import Platform
from tests.web.browser import DESK, MISSING, PHONE, Visit, chromium, launched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page, StorageState

NETWORKS: dict[str, dict[str, float] | None] = {
    "loopback": None,
    "slow-4g": {"latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8},
}
TIMES = ("first", "largest", "useful", "blocked", "task", "press")
# Kept by the browser from the very start of the page.
RECORD = """
  window.seen = [];
  for (const type of ['paint', 'largest-contentful-paint', 'longtask', 'event']) {
    new PerformanceObserver((list) => seen.push(...list.getEntries().map((entry) => ({
      type, name: entry.name, start: entry.startTime, took: entry.duration, press: entry.interactionId > 0,
    })))).observe({ type, buffered: true, ...(type === 'event' ? { durationThreshold: 16 } : {}) });
  }
"""


@dataclass(frozen=True)
class Scene:
    """useful: a selector of what the page is for. button: what is pressed then. then: what that shows. twice: whether
    it is pressed again at the end, to leave everything as it was."""

    address: str
    size: dict[str, int]
    useful: str
    button: str
    then: str
    twice: bool = False


@dataclass(frozen=True)
class Opened:
    """One opening of a page. Milliseconds."""

    first: float
    largest: float
    useful: float
    blocked: float
    task: float
    press: float


@dataclass(frozen=True)
class Figures:
    page: str
    network: str
    slowdown: float
    runs: int
    median: Opened
    worst: Opened
    javascript: int
    javascript_without_map: int


def scenes(order: OpenOrder) -> dict[str, Scene]:
    return {
        "customer": Scene("customer", PHONE, "a[href='#new']", "a[href='#new']", "form.order"),
        "driver": Scene("driver", PHONE, "[role=switch]:enabled", "[role=switch]", "[role=switch]:checked", twice=True),
        "operator": Scene(
            "operator", DESK, ".live-on", f"button.link:has-text('{order.id[:8]}') >> nth=0", "section.panel"
        ),
        "track": Scene(f"track#{order.token}", PHONE, ".now h2", ".map-tools button >> nth=0", ".map-tools >> nth=0"),
    }


@contextmanager
def signed_in(browser: "Browser", platform: Platform, page: str) -> Iterator["StorageState | None"]:
    """What a browser remembers of somebody who has signed in before; None for the page that asks nobody to."""
    if page == "track":
        yield None
        return
    visit = Visit(browser, platform.pages_url, size=DESK)
    visit.enter(page)
    state = visit.context.storage_state()
    visit.context.close()
    yield state


def open_once(
    browser: "Browser", platform: Platform, scene: Scene, state: "StorageState | None", network: str, slowdown: float
) -> Opened:
    visit = Visit(browser, platform.pages_url, size=scene.size, state=state)
    try:
        throttled(visit.context.new_cdp_session(visit.page), network, slowdown)
        visit.page.add_init_script(RECORD)
        visit.open(scene.address)
        visit.page.locator(scene.useful).wait_for()
        useful = float(visit.page.evaluate("performance.now()"))
        visit.page.wait_for_timeout(1_500)  # what is still to come of the page's start
        visit.page.locator(scene.button).click()
        visit.page.locator(scene.then).wait_for()
        visit.page.wait_for_timeout(500)
        found = judged(visit.page, useful)
        if scene.twice:
            visit.page.locator(scene.button).click()
            visit.page.wait_for_timeout(1_000)
        return found
    finally:
        visit.context.close()


def throttled(session: "CDPSession", network: str, slowdown: float) -> None:
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    session.send("Network.enable")
    if conditions := NETWORKS[network]:
        session.send("Network.emulateNetworkConditions", {"offline": False, **conditions})


def judged(page: "Page", useful: float) -> Opened:
    seen: list[dict[str, Any]] = page.evaluate("seen")
    tasks = [each["took"] for each in seen if each["type"] == "longtask" and each["start"] < useful]
    presses = [each["took"] for each in seen if each["type"] == "event" and each["press"]]
    return Opened(
        first=next(each["start"] for each in seen if each["name"] == "first-contentful-paint"),
        largest=max(each["start"] for each in seen if each["type"] == "largest-contentful-paint"),
        useful=useful,
        blocked=sum(took - 50 for took in tasks),
        task=max(tasks, default=0),
        press=max(presses, default=16),
    )


def measure(platform: Platform, runs: int, networks: list[str], slowdown: float) -> Iterator[Figures]:
    with open_order(platform) as order, launched() as browser:
        for page, scene in scenes(order).items():
            size = javascript(page)
            with signed_in(browser, platform, page) as state:
                for network in networks:
                    found = [open_once(browser, platform, scene, state, network, slowdown) for _ in range(runs)]
                    yield Figures(
                        page, network, slowdown, runs, over(statistics.median, found), over(max, found),
                        size.total, size.without_map,
                    )  # fmt: skip


def over(pick: Any, found: list[Opened]) -> Opened:
    return Opened(**{name: round(pick([getattr(each, name) for each in found])) for name in TIMES})


def table(figures: list[Figures]) -> str:
    head = ["page", "network", *TIMES, "JS KB", "without map"]
    rows = [
        [
            each.page, each.network, *(f"{getattr(each.median, name):.0f}" for name in TIMES),
            f"{each.javascript / 1000:.1f}", f"{each.javascript_without_map / 1000:.1f}",
        ]
        for each in figures
    ]  # fmt: skip
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="how often each page is opened")
    parser.add_argument("--network", choices=NETWORKS, action="append", help="may be given again; both if not given")
    parser.add_argument("--slowdown", type=float, default=4, help="by what the machine is made slower")
    parser.add_argument("--report", type=Path, metavar="FILE", help="the figures as JSON, the worst runs too")
    asked = parser.parse_args()
    if not chromium():
        parser.error(MISSING)
    figures = []
    for each in measure(running.find(), asked.runs, asked.network or list(NETWORKS), asked.slowdown):
        print(f"{each.page} over {each.network}: {asdict(each.median)}", file=sys.stderr, flush=True)
        figures.append(each)
    print(table(figures))
    if asked.report:
        asked.report.parent.mkdir(parents=True, exist_ok=True)
        asked.report.write_text(json.dumps([asdict(each) for each in figures], indent=1) + "\n")
    sys.exit(any(each.javascript_without_map > BUDGET for each in figures))


if __name__ == "__main__":
    main()
