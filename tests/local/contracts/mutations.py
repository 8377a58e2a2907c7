"""Ways in which somebody might change a published schema, each with what the gate must say of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.contracts.compatibility import EARLIER, EVERYBODY, PRESENT

Schema = dict[str, Any]

TYPE = "order.confirmed.v1"


@dataclass(frozen=True)
class Mutation:
    """name: what somebody did. change: does it to a schema of TYPE. field, says, breaks: of the breach that must be
    found; None, where nobody is hurt."""

    name: str
    change: Callable[[Schema], object]
    field: str | None = None
    says: str = ""
    breaks: str | None = None


def data(schema: Schema) -> Schema:
    found: Schema = schema["$defs"]["OrderConfirmed"]
    return found


def field(schema: Schema, name: str, owner: str = "OrderConfirmed") -> Schema:
    found: Schema = schema["$defs"][owner]["properties"][name]
    return found


def put(name: str, value: Schema, owner: str = "OrderConfirmed") -> Callable[[Schema], object]:
    """Adds or replaces a field."""
    return lambda schema: schema["$defs"][owner]["properties"].__setitem__(name, value)


def require(name: str, owner: str = "OrderConfirmed") -> Callable[[Schema], object]:
    return lambda schema: schema["$defs"][owner]["required"].append(name)


def forgo(name: str, owner: str = "OrderConfirmed") -> Callable[[Schema], object]:
    return lambda schema: schema["$defs"][owner]["required"].remove(name)


def both(*changes: Callable[[Schema], object]) -> Callable[[Schema], object]:
    return lambda schema: [change(schema) for change in changes]


def drop(name: str, owner: str = "OrderConfirmed") -> Callable[[Schema], object]:
    def change(schema: Schema) -> None:
        del schema["$defs"][owner]["properties"][name]
        schema["$defs"][owner]["required"] = [each for each in schema["$defs"][owner]["required"] if each != name]

    return change


def rename_definition(old: str, new: str) -> Callable[[Schema], object]:
    def change(schema: Schema) -> None:
        schema["$defs"][new] = schema["$defs"].pop(old)
        for definition in [schema, *schema["$defs"].values()]:
            for each in definition.get("properties", {}).values():
                if each.get("$ref") == f"#/$defs/{old}":
                    each["$ref"] = f"#/$defs/{new}"

    return change


def inline(name: str, owner: str, referred: str) -> Callable[[Schema], object]:
    def change(schema: Schema) -> None:
        described = schema["$defs"][owner]["properties"][name]
        del described["$ref"]
        described.update({k: v for k, v in schema["$defs"][referred].items() if k not in described})

    return change


OPTIONAL_TEXT = {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}
PACKAGING = {
    "type": "object",
    "properties": {"bags": {"type": "integer"}, "sealed": {"type": "boolean"}},
    "required": ["bags"],
}

SAFE = (
    Mutation("nothing", lambda schema: None),
    Mutation("an optional text is added", put("floor", OPTIONAL_TEXT)),
    Mutation("an optional number is added", put("tip", {"type": "integer", "minimum": 0})),
    Mutation("an optional list is added", put("tags", {"type": "array", "items": {"type": "string"}})),
    Mutation("an optional object with required members is added", put("packaging", PACKAGING)),
    Mutation("an optional enumeration is added", put("urgency", {"type": "string", "enum": ["LOW", "HIGH"]})),
    Mutation("an optional internal field is added", put("hint", OPTIONAL_TEXT | {"x-internal": True})),
    Mutation("an optional member is added deep inside", put("formatted", OPTIONAL_TEXT, "Money")),
    Mutation("an optional field is added to metadata", put("region", OPTIONAL_TEXT, "Metadata")),
    Mutation("another field beside metadata and data", lambda s: s["properties"].__setitem__("links", OPTIONAL_TEXT)),
    Mutation("a description is said better", lambda s: field(s, "total").update(description="The bill.")),
    Mutation("a title is changed", lambda s: field(s, "order_id").update(title="Order")),
    Mutation("an example is replaced", lambda s: field(s, "item_count").update(examples=[7])),
    Mutation("a unit is named first", lambda s: field(s, "placed_at").update({"x-unit": "milliseconds"})),
    Mutation("a field is deprecated", lambda s: field(s, "driver_id").update(deprecated=True)),
    Mutation("a comment is added", lambda s: data(s).update({"$comment": "by the merchant's word"})),
    Mutation(
        "fields change places", lambda s: data(s).update(properties=dict(reversed(data(s)["properties"].items())))
    ),
    Mutation("required fields change places", lambda s: data(s)["required"].reverse()),
    Mutation("an enumeration changes places", lambda s: s["$defs"]["OrderStatus"]["enum"].reverse()),
    Mutation("a definition is renamed", rename_definition("Money", "Amount")),
    Mutation("a definition is written in place", inline("total", "OrderConfirmed", "Money")),
    Mutation("null changes places", lambda s: field(s, "driver_id")["anyOf"].reverse()),
    Mutation(
        "an optional text is spelt as a list of types",
        put("driver_id", {"type": ["string", "null"], "default": None}),
    ),
    Mutation("a constant is spelt as an enumeration", put("type", {"enum": ["order.confirmed"]}, "Metadata")),
    Mutation("further fields are allowed by saying nothing", lambda s: data(s).pop("additionalProperties")),
)

BREAKING = (
    Mutation("a required field is removed", drop("customer_id"), "data.customer_id", "it was removed", EARLIER),
    Mutation("an optional field is removed", drop("driver_id"), "data.driver_id", "it was removed", EARLIER),
    Mutation("a member deep inside is removed", drop("currency", "Money"), "data.total.currency", "removed", EARLIER),
    Mutation("metadata is removed", drop("sequence", "Metadata"), "metadata.sequence", "it was removed", EARLIER),
    Mutation(
        "a field is renamed",
        both(drop("total"), put("price", {"$ref": "#/$defs/Money"})),
        "data.total",
        "it was removed",
        EARLIER,
    ),
    Mutation(
        "a required field is added",
        both(put("floor", {"type": "string"}), require("floor")),
        "data.floor",
        "added as required",
        PRESENT,
    ),
    Mutation(
        "a required member is added deep inside",
        both(put("exponent", {"type": "integer"}, "Money"), require("exponent", "Money")),
        "data.total.exponent",
        "added as required",
        PRESENT,
    ),
    Mutation("an optional field becomes required", require("driver_id"), "data.driver_id", "now required", PRESENT),
    Mutation("a required field becomes optional", forgo("total"), "data.total", "no longer required", EARLIER),
    Mutation(
        "text becomes a number", put("merchant_id", {"type": "integer"}), "data.merchant_id", "string to int", EVERYBODY
    ),
    Mutation(
        "a whole number becomes any number",
        lambda s: field(s, "item_count").update(type="number"),
        "data.item_count",
        "integer to number",
        EVERYBODY,
    ),
    Mutation(
        "any number becomes a whole one",
        lambda s: field(s, "lat", "Position").update(type="integer"),
        "data.pickup.lat",
        "number to integer",
        EVERYBODY,
    ),
    Mutation(
        "an object becomes a number", put("total", {"type": "integer"}), "data.total", "object to integer", EVERYBODY
    ),
    Mutation(
        "one becomes a list",
        put("merchant_id", {"type": "array", "items": {"type": "string"}}),
        "data.merchant_id",
        "string to array",
        EVERYBODY,
    ),
    Mutation(
        "an enumeration is narrowed",
        lambda s: s["$defs"]["OrderStatus"]["enum"].remove("READY"),
        "data.status",
        "lost READY",
        PRESENT,
    ),
    Mutation(
        "an enumeration is widened",
        lambda s: s["$defs"]["OrderReason"]["enum"].append("WEATHER"),
        "data.reason",
        "gained WEATHER",
        EARLIER,
    ),
    Mutation(
        "a text becomes an enumeration",
        lambda s: field(s, "merchant_id").update(enum=["merchant-003"]),
        "data.merchant_id",
        "limited to merchant-003",
        PRESENT,
    ),
    Mutation(
        "an enumeration becomes any text",
        lambda s: s["$defs"]["OrderStatus"].pop("enum"),
        "data.status",
        "no longer limited",
        EARLIER,
    ),
    Mutation(
        "the type's name is changed",
        lambda s: field(s, "type", "Metadata").update(const="order.accepted"),
        "metadata.type",
        "gained order.accepted",
        EARLIER,
    ),
    Mutation(
        "a value may no longer be null",
        put("driver_id", {"type": "string"}),
        "data.driver_id",
        "no longer be null",
        PRESENT,
    ),
    Mutation(
        "a value may be null",
        put("customer_id", {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        "data.customer_id",
        "may now be null",
        EARLIER,
    ),
    Mutation(
        "a minimum is raised",
        lambda s: field(s, "item_count").update(minimum=2),
        "data.item_count",
        "minimum changed from 1 to 2",
        PRESENT,
    ),
    Mutation(
        "a minimum is lowered",
        lambda s: field(s, "item_count").update(minimum=0),
        "data.item_count",
        "minimum changed from 1 to 0",
        EARLIER,
    ),
    Mutation(
        "a maximum is added",
        lambda s: field(s, "amount", "Money").update(maximum=100_000),
        "data.total.amount",
        "maximum 100000 was added",
        PRESENT,
    ),
    Mutation(
        "a maximum is removed",
        lambda s: field(s, "lat", "Position").pop("maximum"),
        "data.pickup.lat",
        "maximum 90 was removed",
        EARLIER,
    ),
    Mutation(
        "a pattern is changed",
        lambda s: field(s, "currency", "Money").update(pattern="^[a-z]{3}$"),
        "data.total.currency",
        "its pattern changed",
        EVERYBODY,
    ),
    Mutation(
        "a length is limited",
        lambda s: field(s, "order_id").update(maxLength=10),
        "data.order_id",
        "maxLength 10 was added",
        PRESENT,
    ),
    Mutation(
        "a moment becomes a day",
        lambda s: field(s, "placed_at").update(format="date"),
        "data.placed_at",
        "its format changed from date-time to date",
        EVERYBODY,
    ),
    Mutation(
        "a format is removed", lambda s: field(s, "placed_at").pop("format"), "data.placed_at", "was removed", EARLIER
    ),
    Mutation(
        "further fields are refused",
        lambda s: data(s).update(additionalProperties=False),
        "data",
        "were allowed and are now refused",
        PRESENT,
    ),
    Mutation(
        "a default is changed",
        lambda s: field(s, "driver_id").update(default="nobody"),
        "data.driver_id",
        "default changed from None to nobody",
        EVERYBODY,
    ),
    Mutation(
        "a field becomes internal",
        lambda s: field(s, "total").update({"x-internal": True}),
        "data.total",
        "partners no longer get it",
        EVERYBODY,
    ),
    Mutation(
        "a unit is changed",
        lambda s: field(s, "item_count").update({"x-unit": "dozens"}),
        "data.item_count",
        "its unit changed from articles to dozens",
        EVERYBODY,
    ),
    Mutation(
        "a unit is changed deep inside",
        lambda s: field(s, "amount", "Money").update({"x-unit": "units of the currency"}),
        "data.total.amount",
        "its unit changed from minor units of the currency",
        EVERYBODY,
    ),
    Mutation(
        "a unit is no longer named",
        lambda s: field(s, "item_count").pop("x-unit"),
        "data.item_count",
        "its unit articles was removed",
        EVERYBODY,
    ),
    Mutation(
        "another service sends it", lambda s: s.update({"x-source": "delivery.menu"}), "", "its source", EVERYBODY
    ),
    Mutation(
        "a keyword nobody knows",
        lambda s: field(s, "total").update({"not": {"const": 0}}),
        "data.total",
        "cannot be judged: it uses `not`",
        EVERYBODY,
    ),
)
