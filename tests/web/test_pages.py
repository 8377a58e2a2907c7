"""The pages in a real browser, on the deployed platform: what people do there, and what they are shown of it."""

import json
import math
import os
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError

from infra import names
from infra.packages.sources import REPOSITORY
from infra.web.configuration import DEMO_CITY
from infra.web.deployed import values
from local.platform import Platform
from local.simulator.accounts import Accounts
from services.dispatch.table import DispatchTable
from tests.web.browser import DESK, PHONE, SHEET, Visit
from tests.web.city import Kitchen
from tests.web.conftest import Enter

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.local_cloud, pytest.mark.browser]

AXE = REPOSITORY / "web" / "node_modules" / "axe-core" / "axe.min.js"
DOOR = REPOSITORY / "tests" / "web" / "door.png"
PICTURES = REPOSITORY / "docs" / "pictures"
MERCHANT = "merchant-901"
PATIENCE_MS = 40_000
# An order that is offered while everybody is busy elsewhere lapses, and is offered again.
OFFERED_MS = 60_000
# Where the page shows the driver, time and again.
REMEMBER_PLACES = """() => {
  window.places = new Set();
  setInterval(() => {
    const place = document.querySelector('.marker-live')?.getAttribute('transform');
    if (place) places.add(place);
  }, 100);
}"""


def place_order(customer: Visit) -> str:
    page = customer.page
    page.goto("/customer#new")
    page.get_by_label("Address").fill("Door 7, Simulated Street")
    page.locator("select", has_text="Choose").select_option(MERCHANT)
    page.get_by_role("button", name="One more Noodles").click()
    page.get_by_role("button", name="One more Curry").click()
    page.get_by_role("button", name="Place the order").click()
    page.get_by_role("heading", name="Waiting for the merchant").wait_for()
    return page.url.rpartition("/")[2]


def confirmed(kitchen: Kitchen, order_id: str) -> None:
    deadline = time.monotonic() + 20
    while order_id not in kitchen.pending():
        assert time.monotonic() < deadline, "the merchant never got the order"
        time.sleep(0.1)
    kitchen.confirm(order_id)


def on_duty(page: "Page") -> None:
    """The page notes the step before it shows it, so that the switch may turn a moment after the click."""
    page.get_by_role("switch").click()
    page.get_by_text("On duty", exact=True).wait_for()


def accept(page: "Page") -> None:
    page.get_by_role("button", name="Accept").click(timeout=OFFERED_MS)
    page.get_by_role("button", name="I am at the merchant").or_(page.get_by_role("button", name="I have it")).wait_for()


def stand(page: "Page", status: str) -> None:
    page.get_by_role("heading", name=status, exact=True).wait_for(timeout=PATIENCE_MS)


def on_the_way(page: "Page") -> None:
    """The order was picked up. Its driver may be at the door by the time that somebody looks."""
    heading = page.get_by_role("heading", name=re.compile("^(On the way to you|The driver is at the door)$"))
    heading.wait_for(timeout=PATIENCE_MS)


def until(page: "Page", expression: str, trying: Callable[[], None] = lambda: None) -> None:
    """Not by wait_for_function: the pages' security policy lets nothing be evaluated later on."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never: {expression}"
        trying()
        page.wait_for_timeout(100)


def serious(page: "Page") -> list[str]:
    """What axe finds that keeps somebody from using the page."""
    page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate("axe.run().then((result) => result.violations)")
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def picture(page: "Page", name: str) -> None:
    """For the README, if it is to have new ones: `make pictures`."""
    if os.environ.get("PICTURES"):
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


def refuse_once(page: "Page", platform: Platform, operation: str) -> None:
    """The page's next request of this name fails in the platform, as a throttled one does."""
    left = [operation]

    def answer(route: "Route") -> None:
        if not left or f" {operation}" not in (route.request.post_data or ""):
            route.continue_()
            return
        left.clear()
        error = {"errorType": "Internal", "errorInfo": {"again": True}, "message": "try again", "path": [operation]}
        headers = {"access-control-allow-origin": "*"}
        route.fulfill(json={"data": None, "errors": [error]}, headers=headers)

    page.route(platform.graphql_url, answer)


def offered_besides(page: "Page", platform: Platform) -> None:
    """The page, opened anew, finds one more offer."""
    expires = datetime.fromtimestamp(time.time() + 60, UTC).isoformat().replace("+00:00", "Z")
    offer = {"id": "o", "driverId": "d", "expiresAt": expires, "toPickupMetres": 300, "toDropoffMetres": 900}
    trip = {"deliveryIds": ["another"], "pay": {"amount": 510, "currency": "USD"}}
    node = {"id": "another", "pickup": {"lat": 40.44, "lng": -79.98}, "offer": offer, "trip": trip}

    def answer(route: "Route") -> None:
        if " MyWork" not in (route.request.post_data or ""):
            route.continue_()
            return
        found = route.fetch()
        body = found.json()
        body["data"]["myOffers"]["edges"] = [{"node": node}]
        route.fulfill(response=found, json=body)

    page.route(platform.graphql_url, answer)
    page.reload()


def test_an_order_is_watched_from_its_form_to_its_door(
    visit: Enter, kitchens: dict[str, Kitchen], platform: Platform
) -> None:
    customer, driver, operator = visit(size=SHEET), visit(size=PHONE), visit(size=DESK)
    for each, path in ((customer, "customer"), (driver, "driver"), (operator, "operator")):
        each.enter(path)
    on_duty(driver.page)
    order_id = place_order(customer)
    confirmed(kitchens[MERCHANT], order_id)
    stand(customer.page, "Being prepared")
    customer.page.get_by_text("Promised by").wait_for()
    accept(driver.page)
    picture(driver.page, "driver")
    assert serious(driver.page) == []
    kitchens[MERCHANT].ready(order_id)

    customer.page.get_by_role("button", name="Share a tracking link").click()
    link = customer.page.get_by_label("Anyone with this link").input_value()
    guest = visit(size=PHONE, dark=True)
    refuse_once(guest.page, platform, "SharedTracking")  # and the page looks again
    guest.page.goto(link)

    customer.page.evaluate(REMEMBER_PLACES)
    driver.page.get_by_role("button", name="I have it").click(timeout=PATIENCE_MS)
    on_the_way(customer.page)
    until(customer.page, "places.size > 2")  # it moves
    picture(customer.page, "customer")
    assert serious(customer.page) == []
    on_the_way(guest.page)
    assert "Door 7" not in guest.page.content()
    assert serious(guest.page) == []

    operator.page.get_by_role("button", name=order_id[:8]).first.click()
    operator.page.get_by_text("delivery.picked_up").wait_for()
    chain = operator.page.get_by_role("region", name=f"Order {order_id[:8]}").get_by_role("list")
    for told in ("→ dispatch: applied", "→ tracking: applied", "→ notifications: applied", "Offered to driver"):
        chain.get_by_text(told).first.wait_for(timeout=PATIENCE_MS)
    assert serious(operator.page) == []
    picture(operator.page, "operator")

    pin = customer.page.locator(".pin .digits").inner_text()
    for given in (f"{(int(pin) + 1) % 10_000:04}", pin):
        driver.page.get_by_label("The customer's PIN").fill(given, timeout=PATIENCE_MS)
        driver.page.get_by_role("button", name="Hand over").click()
        wrong = driver.page.get_by_text("That is not the customer's PIN")
        wrong.wait_for(state="detached" if given == pin else "visible")
    stand(customer.page, "Delivered")
    stand(guest.page, "Delivered")
    today = driver.page.get_by_role("region", name="Today")
    today.get_by_text(re.compile(r"\$[1-9]")).wait_for()  # earned
    driver.page.get_by_role("switch").click()
    driver.page.get_by_text("Off duty").wait_for()


def test_a_driver_without_a_connection_goes_on_and_nothing_goes_out_twice(
    visit: Enter, kitchens: dict[str, Kitchen], platform: Platform
) -> None:
    customer, driver = visit(size=SHEET), visit(size=PHONE)
    customer.enter("customer")
    page = driver.enter("driver")
    on_duty(page)
    order_id = place_order(customer)
    confirmed(kitchens[MERCHANT], order_id)
    accept(page)
    kitchens[MERCHANT].ready(order_id)
    page.get_by_role("button", name="I have it").wait_for(timeout=PATIENCE_MS)

    offered_besides(page, platform)
    next_trip = page.get_by_role("heading", name="Your next trip: a new offer")
    next_trip.wait_for()
    page.get_by_role("button", name="Accept").wait_for()
    step = page.get_by_role("button", name="I have it")
    above, below = next_trip.bounding_box(), step.bounding_box()
    assert above
    assert below
    assert above["y"] < below["y"]
    assert serious(page) == []
    page.unroute_all(behavior="wait")
    page.reload()
    next_trip.wait_for(state="detached")
    step.wait_for()

    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    driver.context.set_offline(True)
    page.get_by_role("button", name="I have it").click()
    page.get_by_role("button", name="I am at the door").click()
    page.get_by_text("Not sent yet: 2").wait_for()
    photo = page.locator("input[type=file]")
    photo.set_input_files(DOOR)
    page.get_by_text("Not sent yet: 3").wait_for()
    sent.clear()
    refuse_once(page, platform, "PickUp")
    driver.context.set_offline(False)
    stand(customer.page, "Delivered")
    page.get_by_text("Not sent yet").wait_for(state="detached")

    mutations = [found[1] for text in sent if (found := re.search(r"mutation (PickUp|Arrive|Deliver)\b", text))]
    assert mutations == ["PickUp", "PickUp", "Arrive", "Deliver"]
    [photo_key] = [each["Key"] for each in proofs(platform) if order_id in each["Key"]]
    assert re.fullmatch(rf"proofs/[\w-]+:[\w-]+/{order_id}\.jpg", photo_key)
    page.get_by_role("switch").click()


def proofs(platform: Platform) -> list[dict[str, Any]]:
    s3 = platform.aws.client("s3")
    [bucket] = [each["Name"] for each in s3.list_buckets()["Buckets"] if "-proofs-" in each["Name"]]
    contents: list[dict[str, Any]] = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return contents


def nobody_found(platform: Platform, order_id: str) -> None:
    """Dispatch notes that the search takes too long, as a round does after twenty minutes."""
    cloud = boto3.resource(
        "dynamodb", "us-east-1", endpoint_url=platform.cloud_url, aws_access_key_id="test", aws_secret_access_key="test"
    )
    table = DispatchTable(cloud.Table(names.of("dispatch")))
    deadline = time.monotonic() + 20
    while not ((row := table.delivery(order_id)) and row.get("state") == "SEARCHING"):
        assert time.monotonic() < deadline, "dispatch never looked for a driver"
        time.sleep(0.1)
    assert table.delay(order_id, sequence=int(row["sequence"]), now=datetime.now(UTC), caused_by="round:test")


def test_people_decide_what_becomes_of_an_order(visit: Enter, kitchens: dict[str, Kitchen], platform: Platform) -> None:
    """An operator confirms it for its merchant, its customer keeps waiting for a driver, the operator takes it from
    the one who was found, and the customer cancels it."""
    customer, driver, operator = visit(size=SHEET, dark=True), visit(size=PHONE, dark=True), visit(size=DESK, dark=True)
    for each, path in ((customer, "customer"), (driver, "driver"), (operator, "operator")):
        each.enter(path)
    order_id = place_order(customer)
    row = operator.page.get_by_role("listitem").filter(has_text=order_id[:8])
    row.get_by_role("button", name="Confirm").click()
    stand(customer.page, "Being prepared")
    assert serious(operator.page) == []

    nobody_found(platform, order_id)
    customer.page.get_by_label("Language").select_option("es")  # loads the page anew
    customer.page.get_by_role("button", name="Seguir esperando").wait_for()
    customer.page.get_by_label("Idioma").select_option("en")
    keep_waiting = customer.page.get_by_role("button", name="Keep waiting")
    keep_waiting.wait_for()
    assert serious(customer.page) == []
    keep_waiting.click()
    customer.page.get_by_text("You chose to keep waiting").wait_for()
    keep_waiting.wait_for(state="detached")

    on_duty(driver.page)
    accept(driver.page)
    fits_a_phone(operator.page)
    operator.page.get_by_role("button", name=order_id[:8]).first.click()
    operator.page.get_by_text("dispatch, because of order.confirmed").wait_for()  # the search for a driver
    operator.page.get_by_role("button", name="Find another driver").click()
    operator.page.get_by_text("Another driver is looked for").wait_for()
    driver.page.get_by_text("Waiting for an offer").wait_for()
    driver.page.get_by_role("switch").click()
    customer.page.get_by_text("The driver cannot come").wait_for()

    customer.page.get_by_role("button", name="Cancel the order").click()
    stand(customer.page, "Cancelled")


def fits_a_phone(board: "Page") -> None:
    """With its tables, and in the language that needs more room."""
    board.get_by_label("Language").select_option("es")
    board.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    board.get_by_role("region", name="Zonas").wait_for()
    assert board.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert serious(board) == []
    board.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    board.get_by_label("Idioma").select_option("en")


def test_an_order_that_tracking_knows_no_more_is_shown_as_it_ended(visit: Enter, platform: Platform) -> None:
    """Orders are kept, and what tracking knows of one for thirty days."""
    page = visit(size=PHONE).enter("customer")
    asked: list[str] = []
    order = {
        "id": "old", "merchantId": "m", "merchant": {"name": "Old Kitchen"}, "status": "DELIVERED", "reason": None,
        "lines": [{"name": "Soup", "quantity": 2, "unitAmount": 500}], "total": {"amount": 1000, "currency": "USD"},
        "dropoff": {"lat": 40.44, "lng": -79.98}, "address": "Door 7", "placedAt": "2026-01-05T18:30:00.000Z",
        "cancelRequestedAt": None, "delayedAt": None, "handoverPin": None,
    }  # fmt: skip

    def answer(route: "Route") -> None:
        if " WatchOrder" not in (route.request.post_data or ""):
            route.continue_()
            return
        asked.append("order")
        error = {"errorType": "NotFound", "message": "Order not found", "path": ["tracking"]}
        headers = {"access-control-allow-origin": "*"}
        route.fulfill(json={"data": {"order": order, "tracking": None}, "errors": [error]}, headers=headers)

    page.route(platform.graphql_url, answer)
    page.goto("/customer#order/old")
    stand(page, "Delivered")
    page.get_by_role("heading", name="Your order from Old Kitchen").wait_for()
    assert serious(page) == []
    page.wait_for_timeout(5_000)  # what it asks at first
    asked.clear()
    page.wait_for_timeout(5_000)
    assert asked == []  # nothing more is to come: it does not ask on and on
    assert page.get_by_role("button", name="Share").count() == 0  # which would be refused


def test_a_customer_says_how_to_be_told(visit: Enter) -> None:
    page = visit(size=PHONE).enter("customer")
    page.get_by_role("link", name="Alerts").click()
    page.get_by_label("Phone number").fill("+1 202 555 0142")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    assert serious(page) == []
    by_push = page.get_by_label("Push message")
    by_push.click()
    page.get_by_text("Saved.").wait_for()
    wanted = by_push.is_checked()
    page.reload()
    assert page.get_by_label("Phone number").input_value() == "+12025550142"
    assert by_push.is_checked() == wanted


def test_a_door_and_a_merchant_are_chosen_on_the_map_by_keyboard(visit: Enter) -> None:
    page = visit(size=PHONE).enter("customer")
    page.get_by_role("link", name="New order").click()
    page.locator(".marker-merchant").first.wait_for()
    door, city = "document.querySelector('.marker-pin').getBoundingClientRect()", page.locator(".map-frame")
    before = page.evaluate(door)
    # The city moves under the door, though not while the map still finds what it is to show.
    until(page, f"{door}.y > {before['y']}", trying=lambda: city.press("ArrowUp"))
    city.press("Enter")
    frame = city.bounding_box()
    assert frame
    middle = frame["x"] + frame["width"] / 2
    until(page, f"Math.abs({door}.x + {door}.width / 2 - {middle}) < 3")
    page.locator(".marker-merchant").first.press("Enter")
    page.get_by_role("button", name="One more Noodles").wait_for()


def test_a_door_and_a_merchant_are_chosen_on_the_map_by_a_press(visit: Enter) -> None:
    page = visit(size=PHONE).enter("customer")
    page.get_by_role("link", name="New order").click()
    merchants, choice = page.locator(".marker-merchant"), page.locator("select", has_text="Choose")
    merchants.first.wait_for()
    far = choice.inner_text()  # each merchant with its distance from the door
    merchants.first.click()
    page.get_by_role("button", name="One more Noodles").wait_for()
    assert choice.inner_text() == far

    frame = page.locator(".map-frame").bounding_box()
    assert frame
    left, top = frame["x"] + 40, frame["y"] + frame["height"] - 60
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + 60, top - 80, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="Back to what matters").wait_for()  # the city was moved
    assert choice.inner_text() == far
    page.mouse.click(left, top)
    until(page, f"document.querySelector('form select').innerText !== {json.dumps(far)}")


def test_two_fingers_bring_the_city_nearer(visit: Enter) -> None:
    customer = visit(size=PHONE)
    page = customer.enter("customer")
    page.get_by_role("link", name="New order").click()
    page.locator(".marker-merchant").nth(2).wait_for()
    page.wait_for_timeout(500)  # until the map shows all that it is to show
    apart = """(() => {
      const place = (each) => document.querySelector(each).getBoundingClientRect();
      const [a, b] = ['.marker-merchant', '.marker-pin'].map(place);
      return Math.hypot(a.x - b.x, a.y - b.y);
    })()"""
    before = page.evaluate(apart)
    frame = page.locator(".map-frame").bounding_box()
    assert frame
    x, y = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
    touch = customer.context.new_cdp_session(page)
    for kind, far in (("touchStart", 40), ("touchMove", 60), ("touchMove", 80), ("touchEnd", None)):
        fingers = [{"x": x - far, "y": y, "id": 0}, {"x": x + far, "y": y, "id": 1}] if far else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
    until(page, f"Math.abs({apart} / {before} - 2) < 0.1")


def test_a_page_says_what_it_lacks(visit: Enter, platform: Platform) -> None:
    """An answer, which it asks for again; or where somebody is, which a browser tells only who may know."""
    customer, driver = visit(size={"width": 320, "height": 640}), visit(size=PHONE)
    page = customer.enter("customer")
    refuse_once(page, platform, "Merchants")
    page.get_by_role("link", name="New order").click()
    page.locator("select", has_text="Choose").select_option(MERCHANT)
    page.get_by_role("button", name="One more Dumplings").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Use where I am").click()
    page.get_by_text("Your device does not say where it is").wait_for()

    def configured(route: "Route") -> None:
        content = route.fetch().json()
        route.fulfill(json={name: part for name, part in content.items() if name != "demo"})

    demo = httpx.get(f"{platform.pages_url}/config.json").json()["demo"]
    page = driver.page
    page.route("**/config.json", configured)
    driver.open("driver")
    page.get_by_label("Name", exact=True).fill(demo["accounts"]["driver"])
    page.get_by_label("Password").fill(demo["password"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("This phone does not say where it is").wait_for()
    assert page.get_by_role("switch").is_disabled()
    assert page.title() == "Driver"


def test_a_map_of_tiles_asks_for_those_that_it_shows(visit: Enter) -> None:
    operator = visit(size=DESK)
    page, asked = operator.page, set[str]()

    def configured(route: "Route") -> None:
        content = route.fetch().json()
        tiles = {"url": "/tiles/{z}/{x}/{y}.png", "attribution": "© Somebody", "maxZoom": 19}
        route.fulfill(json=content | {"map": content["map"] | {"tiles": tiles}})

    def tile(route: "Route") -> None:
        asked.add(urlsplit(route.request.url).path)
        route.fulfill(path=DOOR)

    page.route("**/config.json", configured)
    page.route("**/tiles/**", tile)
    operator.enter("operator")
    page.get_by_text("© Somebody").wait_for()
    until(page, "document.querySelectorAll('.map-tiles image').length > 3")
    address = page.locator(".map-tiles image").first.get_attribute("href")
    assert address
    zoom = int(address.split("/")[2])
    middle = f"/tiles/{zoom}/{tile_of(DEMO_CITY.lat, DEMO_CITY.lng, zoom)}.png"
    page.locator(f".map-tiles image[href='{middle}']").wait_for()
    assert middle in asked


def tile_of(lat: float, lng: float, zoom: int) -> str:
    """Column and row of the tile that has a place, as OpenStreetMap numbers them."""
    count = 2**zoom
    row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * count
    return f"{int((lng + 180) / 360 * count)}/{int(row)}"


def test_pages_speak_the_readers_language_and_remember_the_choice(visit: Enter) -> None:
    driver = visit(size=PHONE)
    page = driver.open("driver")
    page.get_by_label("Language").select_option("es")
    page.get_by_role("heading", name="Iniciar sesión").wait_for()
    page.get_by_label("Usuario").fill("demo-driver")
    page.get_by_label("Contraseña").fill("not-this-one")
    page.get_by_role("button", name="Entrar").click()
    page.get_by_text("El usuario o la contraseña no son correctos.").wait_for()
    driver.complaints.clear()  # the browser's own, of the pool's refusal
    page.reload()
    page.get_by_role("heading", name="Iniciar sesión").wait_for()
    assert page.locator("html").get_attribute("lang") == "es"
    assert serious(page) == []


def test_credentials_for_photos_are_for_drivers_and_their_own_folder(platform: Platform) -> None:
    assert credentials(platform, "demo-customer") is None
    found = credentials(platform, "demo-driver")
    assert found
    identity, s3 = found
    bucket = f"{names.of('web', 'proofs')}-000000000000-{platform.region}"
    s3.put_object(Bucket=bucket, Key=f"proofs/{identity}/x.jpg", Body=b"x")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket=bucket, Key="proofs/us-east-1:another/x.jpg", Body=b"x")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.get_object(Bucket=bucket, Key=f"proofs/{identity}/x.jpg")


def credentials(platform: Platform, name: str) -> tuple[str, Any] | None:
    """The identity of an account and Amazon S3 with its credentials; None if the pool gives it none."""
    accounts = Accounts(
        platform.aws.client("cognito-idp"), user_pool_id=platform.user_pool_id, client_id=platform.client_id
    )
    account = accounts.sign_in(name)
    assert account
    ssm, identities = platform.aws.client("ssm"), platform.aws.client("cognito-identity")
    [pool] = values(ssm, names.IDENTITY_POOL_ID)
    logins = {f"cognito-idp.{platform.region}.amazonaws.com/{platform.user_pool_id}": account.token}
    identity = identities.get_id(IdentityPoolId=pool, Logins=logins)["IdentityId"]
    try:
        given = identities.get_credentials_for_identity(IdentityId=identity, Logins=logins)["Credentials"]
    except identities.exceptions.NotAuthorizedException:
        return None
    session = boto3.Session(given["AccessKeyId"], given["SecretKey"], given["SessionToken"], platform.region)
    return identity, session.client("s3", endpoint_url=platform.cloud_url)


def test_a_link_that_is_not_one_shows_nothing(visit: Enter) -> None:
    page = visit(size=PHONE).open("track#no-such-token")
    page.get_by_text("This link shows nothing any more").wait_for()
