"""What a caller makes of the API's answers."""

import asyncio
from typing import Any

import httpx
import pytest

from local.simulator import operations as op
from local.simulator.session import CallLog, HttpSession, Refused

ORDER = {"data": {"order": {"status": "PENDING"}}}


def ask(response: httpx.Response, log: CallLog) -> Any:
    async def run() -> Any:
        async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: response)) as http:
            return await HttpSession(http, "http://api.invalid/graphql", "token", log).run(op.ORDER, id="o1")

    return asyncio.run(run())


def error(kind: str) -> httpx.Response:
    return httpx.Response(200, json={"data": {"order": None}, "errors": [{"errorType": kind, "message": "no"}]})


def test_the_root_field_is_the_answer() -> None:
    log = CallLog()
    assert ask(httpx.Response(200, json=ORDER), log) == {"status": "PENDING"}
    assert not log.errors


@pytest.mark.parametrize(
    ("response", "kind", "counted"),
    [
        (error("Conflict"), "Conflict", []),
        (error("NotFound"), "NotFound", []),
        (error("Internal"), "Internal", ["order: Internal: no"]),
        (httpx.Response(200, json={"errors": [{"message": "no"}]}), "GraphQL", ["order: GraphQL: no"]),
        (httpx.Response(502, text="oops"), "HTTP 502", ["order: HTTP 502: oops"]),
        (httpx.Response(500, json=ORDER), "HTTP 500", [f"order: HTTP 500: {httpx.Response(500, json=ORDER).text}"]),
        (httpx.Response(200, json=[]), "HTTP 200", ["order: HTTP 200: []"]),
    ],
)
def test_any_other_answer_is_a_refusal_and_counted_unless_somebody_was_faster(
    response: httpx.Response, kind: str, counted: list[str]
) -> None:
    log = CallLog()
    with pytest.raises(Refused) as refused:
        ask(response, log)
    assert refused.value.kind == kind
    assert list(log.errors) == counted
