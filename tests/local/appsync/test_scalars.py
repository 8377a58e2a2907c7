"""AppSync's own scalars, on input and on output: "Scalar types in GraphQL" in the AWS AppSync Developer Guide."""

import json
from typing import Any

import pytest

from tests.local.appsync.made import code, definition, run

NAMES = (
    *("AWSDate", "AWSTime", "AWSDateTime", "AWSTimestamp", "AWSEmail"),
    *("AWSJSON", "AWSURL", "AWSPhone", "AWSIPAddress"),
)
SDL = "type Query {" + " ".join(f"take{name}(value: {name}): String give{name}: {name}" for name in NAMES) + "}"
TAKEN = {f"Query.take{name}": code(response="return JSON.stringify(ctx.args.value);") for name in NAMES}

GOOD = [
    ("AWSDate", "2026-02-28"),
    ("AWSDate", "2026-02-28Z"),
    ("AWSDate", "2026-02-28+07:00"),
    ("AWSTime", "18:30"),
    ("AWSTime", "18:30:00.123Z"),
    ("AWSDateTime", "2026-01-05T18:30Z"),
    ("AWSDateTime", "2026-01-05T18:30:00.123456789+01:00"),
    ("AWSDateTime", "2026-01-05T18:30:00-08:00"),
    ("AWSTimestamp", 1_767_637_800),
    ("AWSTimestamp", -1),
    ("AWSEmail", "someone@example.invalid"),
    ("AWSURL", "https://example.invalid/a?b=c"),
    ("AWSURL", "mailto:someone@example.invalid"),
    ("AWSPhone", "+12025550100"),
    ("AWSPhone", "+1 202-555-0100"),
    ("AWSPhone", "202 555 0100"),
    ("AWSIPAddress", "192.0.2.1"),
    ("AWSIPAddress", "192.0.2.0/24"),
    ("AWSIPAddress", "2001:db8::1"),
]
BAD = [
    ("AWSDate", "2026-02-29"),
    ("AWSDate", "26-02-28"),
    ("AWSDate", "2026-02-28T00:00Z"),
    ("AWSTime", "24:00"),
    ("AWSTime", "6:30"),
    ("AWSDateTime", "2026-01-05T18:30:00"),
    ("AWSDateTime", "2026-01-05 18:30:00Z"),
    ("AWSDateTime", "2026-13-05T18:30:00Z"),
    ("AWSDateTime", "2026-01-05"),
    ("AWSTimestamp", "2026"),
    ("AWSTimestamp", 1.5),
    ("AWSTimestamp", True),
    ("AWSEmail", "someone"),
    ("AWSEmail", "some one@example.invalid"),
    ("AWSURL", "example.invalid"),
    ("AWSURL", "https://example.invalid/a//b"),
    ("AWSPhone", "555-0100"),
    ("AWSPhone", "+1 (202) 555 0100"),
    ("AWSPhone", "call me"),
    ("AWSIPAddress", "192.0.2.256"),
    ("AWSIPAddress", "example.invalid"),
]


def take(name: str, value: Any, *, inline: bool) -> dict[str, Any]:
    """Send a value, in the document itself or as a variable."""
    if inline:
        return run(definition(SDL, TAKEN), f"{{ take{name}(value: {json.dumps(value)}) }}")
    return run(definition(SDL, TAKEN), f"query ($value: {name}) {{ take{name}(value: $value) }}", value=value)


def give(name: str, value: Any) -> dict[str, Any]:
    given = {f"Query.give{name}": code(response=f"return {json.dumps(value)};")}
    return run(definition(SDL, given), f"{{ give{name} }}")


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_it_is_taken_and_given_as_it_was_sent(name: str, value: Any) -> None:
    for inline in (True, False):
        assert take(name, value, inline=inline) == {"data": {f"take{name}": json.dumps(value)}}
    assert give(name, value) == {"data": {f"give{name}": value}}


@pytest.mark.parametrize(("name", "value"), BAD)
def test_it_is_refused_and_never_given(name: str, value: Any) -> None:
    for inline in (True, False):
        body = take(name, value, inline=inline)
        assert (body["data"], len(body["errors"])) == (None, 1)
    body = give(name, value)
    assert body["data"] == {f"give{name}": None}
    assert body["errors"][0]["message"].startswith(f"Can't serialize value (/give{name})")


def test_json_is_text_to_the_client_and_a_value_to_resolvers() -> None:
    sent = '{"a": [1, null]}'
    for inline in (True, False):
        assert take("AWSJSON", sent, inline=inline)["data"] == {"takeAWSJSON": '{"a":[1,null]}'}
    assert take("AWSJSON", "{", inline=False)["data"] is None
    assert json.loads(give("AWSJSON", {"a": [1, None]})["data"]["giveAWSJSON"]) == {"a": [1, None]}


def test_null_is_a_value_of_every_scalar() -> None:
    for name in NAMES:
        assert take(name, None, inline=False) == {"data": {f"take{name}": "null"}}
        assert give(name, None) == {"data": {f"give{name}": None}}
