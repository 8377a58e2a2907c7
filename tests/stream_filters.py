"""Which changes of a table reach its outbox, by the patterns that its stack gives."""

from collections.abc import Mapping, Sequence
from typing import Any

from boto3.dynamodb.types import TypeSerializer
from ministack.services.lambda_svc import _match_esm_filter

from tests.tables import stored

Row = Mapping[str, Any]


def reaches(patterns: Sequence[Mapping[str, Any]], old: Row | None, new: Row | None) -> bool:
    either = new or old
    assert either is not None
    images = {"Keys": {"pk": either["pk"], "sk": either["sk"]}, "OldImage": old, "NewImage": new}
    record = {"dynamodb": {name: _wire(image) for name, image in images.items() if image is not None}}
    return any(_match_esm_filter(record, {"dynamodb": pattern}) for pattern in patterns)


def _wire(row: Row) -> dict[str, Any]:
    sets = {name: value for name, value in row.items() if isinstance(value, set)}
    plain = stored({name: value for name, value in row.items() if name not in sets})
    return {name: TypeSerializer().serialize(value) for name, value in {**plain, **sets}.items()}
