"""Rows of the services' tables, as a DynamoDB client answers them."""

from collections.abc import Mapping
from typing import Any

from boto3.dynamodb.types import TypeDeserializer


def row_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item in Python's types."""
    plain = TypeDeserializer().deserialize
    return {name: plain(value) for name, value in item.items()}
