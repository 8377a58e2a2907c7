"""A field's selection set: as `ctx.info` tells it, and for cutting error data down to it.

Source: AWS AppSync Developer Guide, "JavaScript resolver context object reference", on Info.
"""

from collections.abc import Callable, Iterator
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLResolveInfo,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    print_ast,
)


def _fields(info: GraphQLResolveInfo, sets: list[SelectionSetNode], type_name: str) -> Iterator[FieldNode]:
    """The fields selected on one type, fragments on that type included, as written."""
    for selection in (node for set_ in sets for node in set_.selections):
        if isinstance(selection, FieldNode):
            yield selection
            continue
        fragment = info.fragments[selection.name.value] if isinstance(selection, FragmentSpreadNode) else selection
        assert isinstance(fragment, FragmentDefinitionNode | InlineFragmentNode)  # noqa: S101 (there is no other kind)
        condition = fragment.type_condition
        if condition is None or condition.name.value == type_name:
            yield from _fields(info, [fragment.selection_set], type_name)


def _name(node: FieldNode) -> str:
    return (node.alias or node.name).value


def _own_sets(info: GraphQLResolveInfo) -> list[SelectionSetNode]:
    return [node.selection_set for node in info.field_nodes if node.selection_set is not None]


def selection_list(info: GraphQLResolveInfo) -> list[str]:
    """The selected fields as paths (`author/name`), aliases instead of names, each once."""

    def paths(sets: list[SelectionSetNode], type_: Any, prefix: str) -> Iterator[str]:
        named = get_named_type(type_)
        for node in _fields(info, sets, named.name):
            yield prefix + _name(node)
            field = getattr(named, "fields", {}).get(node.name.value)
            if node.selection_set is not None and field is not None:
                yield from paths([node.selection_set], field.type, f"{prefix}{_name(node)}/")

    return list(dict.fromkeys(paths(_own_sets(info), info.return_type, "")))


def selection_graphql(info: GraphQLResolveInfo) -> str:
    """The selection set as written; fragments are not merged."""
    return "\n".join(print_ast(set_) for set_ in _own_sets(info))


def cut_to_selection(info: GraphQLResolveInfo, data: Any, name: Callable[[FieldNode], str] = _name) -> Any:
    """`data` with only what the query selected; `name` says how each member is called, by its alias if it has one.

    An error then tells no more than a result would, and a subscriber no more than the mutation's caller asked for.
    """

    def cut(value: Any, sets: list[SelectionSetNode], type_: Any) -> Any:
        if isinstance(value, list):
            return [cut(item, sets, type_) for item in value]
        if not isinstance(value, dict) or not sets:
            return None if sets else value
        named = get_named_type(type_)
        kept = {}
        for node in _fields(info, sets, named.name):
            field = getattr(named, "fields", {}).get(node.name.value)
            if field is not None and node.name.value in value:
                below = [node.selection_set] if node.selection_set is not None else []
                kept[name(node)] = cut(value[node.name.value], below, field.type)
        return kept

    return None if data is None else cut(data, _own_sets(info), info.return_type)
