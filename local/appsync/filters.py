"""Enhanced subscription filters: which messages a subscription gets.

Source: AWS AppSync Developer Guide, "Defining enhanced subscriptions filters" and "Extensions". A filter holds groups,
of which one must be met; a group holds conditions, which must all be met. The operators are the guide's. What it does
not say is refused here, loudly, when the filter is set: nested fields, values of other types, more groups or conditions
than the platform could need.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

MOST_GROUPS = 10
MOST_CONDITIONS = 5
MOST_VALUES = 5  # of `in` and `notIn`


def _contains(found: Any, value: Any) -> bool:
    return value in found if isinstance(found, list) or (isinstance(found, str) and isinstance(value, str)) else False


# A field that is null, or that the mutation did not select, meets no condition.
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda found, value: found == value,
    "ne": lambda found, value: found != value,
    "le": lambda found, value: found <= value,
    "lt": lambda found, value: found < value,
    "ge": lambda found, value: found >= value,
    "gt": lambda found, value: found > value,
    "contains": _contains,
    "notContains": lambda found, value: not _contains(found, value),
    "beginsWith": lambda found, value: found.startswith(value),
    "in": lambda found, value: found in value,
    "notIn": lambda found, value: found not in value,
    "between": lambda found, value: value[0] <= found <= value[1],
}
_LISTS = frozenset({"in", "notIn", "between"})


@dataclass(frozen=True)
class Condition:
    field: str
    operator: str
    value: Any

    def met_by(self, message: Mapping[str, Any]) -> bool:
        found = message.get(self.field)
        if found is None:
            return False
        sample = self.value[0] if self.operator in _LISTS else self.value
        comparable = _kind(found) == _kind(sample) or (self.operator in ("contains", "notContains"))
        return comparable and _OPERATORS[self.operator](found, self.value)


@dataclass(frozen=True)
class Filter:
    groups: tuple[tuple[Condition, ...], ...]

    @classmethod
    def of(cls, given: Any) -> "Filter":
        """From `{filterGroup: [{filters: [{fieldName, operator, value}]}]}`. Raises ValueError saying what is wrong."""
        if not isinstance(given, dict) or set(given) != {"filterGroup"} or not isinstance(given["filterGroup"], list):
            raise ValueError("a filter is {filterGroup: [{filters: [...]}]}")
        groups = tuple(_group(group) for group in given["filterGroup"])
        if not 1 <= len(groups) <= MOST_GROUPS:
            raise ValueError(f"a filter has {len(groups)} groups; allowed are 1 to {MOST_GROUPS}")
        return cls(groups)

    def met_by(self, message: Mapping[str, Any]) -> bool:
        return any(all(condition.met_by(message) for condition in group) for group in self.groups)


def _group(given: Any) -> tuple[Condition, ...]:
    if not isinstance(given, dict) or set(given) != {"filters"} or not isinstance(given["filters"], list):
        raise ValueError("a group of a filter is {filters: [...]}")
    conditions = tuple(_condition(each) for each in given["filters"])
    if not 1 <= len(conditions) <= MOST_CONDITIONS:
        raise ValueError(f"a group has {len(conditions)} conditions; allowed are 1 to {MOST_CONDITIONS}")
    return conditions


def _condition(given: Any) -> Condition:
    if not isinstance(given, dict) or set(given) != {"fieldName", "operator", "value"}:
        raise ValueError("a condition is {fieldName, operator, value}")
    name, operator, value = given["fieldName"], given["operator"], given["value"]
    if not isinstance(name, str) or not name.isidentifier():
        raise ValueError(f"fieldName is {name!r}; only a field of the payload itself is done locally")
    if operator not in _OPERATORS:
        raise ValueError(f"the operator {operator!r} is not done locally; done are {', '.join(_OPERATORS)}")
    _check(operator, value)
    return Condition(name, operator, value)


def _check(operator: str, value: Any) -> None:
    values = value if operator in _LISTS and isinstance(value, list) else [value]
    if operator in _LISTS and not isinstance(value, list):
        raise ValueError(f"the value of {operator} is a list")
    if operator == "between" and len(values) != 2:
        raise ValueError("the value of between is a list of two")
    if not 1 <= len(values) <= MOST_VALUES:
        raise ValueError(f"{operator} has {len(values)} values; allowed are 1 to {MOST_VALUES}")
    kinds = {_kind(each) for each in values}
    allowed = {"text"} if operator == "beginsWith" else {"text", "number"}
    if operator in ("eq", "ne"):
        allowed = {"text", "number", "truth"}
    if len(kinds) != 1 or not kinds <= allowed:
        raise ValueError(f"{operator} compares {' or '.join(sorted(allowed))}, not {value!r}")


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "truth"
        case int() | float():
            return "number"
        case str():
            return "text"
    return type(value).__name__
