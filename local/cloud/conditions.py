"""A query reads its key condition once, and not for each item of its partition.

DynamoDB finds the items of a key condition by the order of their sort keys (Developer Guide, "Query"). MiniStack asks
the condition of each item of the partition, and for each it reads the condition's text anew, checks its grammar and
looks for reserved words: of a partition with 4,000 items, for a third of a second, in which nothing else is served.

Here a text is read and its grammar checked once, and a key condition that was found to be right for one item is only
compared for the next ones. Replaced, in `ministack.services.dynamodb`: `_tokenize` and `_condition_syntax_error`, to
remember; `_evaluate_condition`, for key conditions that are asked again; and `_sort_key_value`, for keys that are text.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ministack.services import dynamodb

from local.cloud import patch

_REMEMBERED = 4096  # texts; a platform's are some hundred
_SLOT, _OTHER = "KeyConditionExpression", "ConditionExpression"  # the parameter that a text came from; the default
_COMPARED = {"EQ": operator.eq, "LT": operator.lt, "GT": operator.gt, "LE": operator.le, "GE": operator.ge}

Token = tuple[str, str]  # its kind and its text
Value = Mapping[str, Any]  # as requests have them: {"S": "…"}
Clause = Callable[[Mapping[str, Value]], bool]


def install() -> None:
    patch.require(dynamodb, "_key_condition_clauses")
    patch.replace(dynamodb, "_tokenize", _remembered)
    patch.replace(dynamodb, "_condition_syntax_error", lru_cache(_REMEMBERED))
    patch.replace(dynamodb, "_evaluate_condition", _asked_again)
    patch.replace(dynamodb, "_sort_key_value", _text_at_once)


def _remembered(tokenize: Callable[[str], list[Any]]) -> Callable[[str], list[Any]]:
    known = lru_cache(_REMEMBERED)(tokenize)
    return lambda text: list(known(text))  # whoever asked may change its own


@dataclass(frozen=True)
class _Asked:
    """A key condition with its values and names, as one request has them."""

    text: str
    values: Mapping[str, Value]
    names: Mapping[str, str]
    clauses: tuple[Clause, ...]

    def is_this(self, text: str, values: Mapping[str, Value], names: Mapping[str, str]) -> bool:
        return self.text is text and self.values is values and self.names is names


def _asked_again(evaluate: Callable[..., bool]) -> Callable[..., bool]:
    """The same answer, without reading the text again for the next item of the same query."""
    last: _Asked | None = None

    def evaluated(expr: str, item: Mapping[str, Value], attr_values: Any, attr_names: Any, slot: str = _OTHER) -> bool:
        nonlocal last
        asked = last
        if slot != _SLOT:
            return evaluate(expr, item, attr_values, attr_names, slot)
        if asked is None or not asked.is_this(expr, attr_values, attr_names):
            answer = evaluate(expr, item, attr_values, attr_names, slot)  # raises what is wrong with it
            last = _Asked(expr, attr_values, attr_names, _clauses(expr, attr_values, attr_names))
            return answer
        if not asked.clauses:
            return evaluate(expr, item, attr_values, attr_names, slot)
        for clause in asked.clauses:  # noqa: SIM110 - twice as fast as all()
            if not clause(item):
                return False
        return True

    return evaluated


def _clauses(text: str, values: Mapping[str, Value], names: Mapping[str, str]) -> tuple[Clause, ...]:
    """The last first: the sort key tells items of one partition apart. Nothing if there is one of another form."""
    found = [_clause(each, values, names) for each in dynamodb._key_condition_clauses(_bare(dynamodb._tokenize(text)))]
    known = tuple(each for each in reversed(found) if each is not None)
    return known if len(known) == len(found) else ()


def _bare(tokens: Sequence[Token]) -> Sequence[Token]:
    """Without the parentheses around all of it, which boto3 writes; `(a) AND (b)` is nobody's."""
    within = tokens[1:-2] if tokens[-1][0] == "EOF" else tokens[1:-1]
    return within if tokens[0][0] == "LPAREN" else tokens


def _clause(tokens: Sequence[Token], values: Mapping[str, Value], names: Mapping[str, str]) -> Clause | None:
    """Of a key that is text, as all of ours are."""
    match tokens:
        case [("IDENT" | "NAME_REF", name), (kind, _), ("VALUE_REF", value)] if kind in _COMPARED:
            key, wanted, holds = names.get(name, name), values[value].get("S"), _COMPARED[kind]
            return None if wanted is None else lambda item: key in item and holds(item[key]["S"], wanted)
        case [("IDENT" | "NAME_REF", name), ("IDENT", _), ("VALUE_REF", low), ("IDENT", _), ("VALUE_REF", high)]:
            key, least, most = names.get(name, name), values[low].get("S"), values[high].get("S")
            return None if None in (least, most) else lambda item: key in item and least <= item[key]["S"] <= most
        case [("IDENT", "begins_with"), _, ("IDENT" | "NAME_REF", name), _, ("VALUE_REF", value), _]:
            key, begins = names.get(name, name), values[value].get("S")
            return None if begins is None else lambda item: key in item and item[key]["S"].startswith(begins)
    return None


def _text_at_once(of: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    """What items are sorted by: of text, that text."""
    return lambda value, kind: value["S"] if kind == "S" and value and "S" in value else of(value, kind)
