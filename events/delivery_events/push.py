"""What a service tells subscribers: the input of a mutation of the API that only its outbox may call."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Publication:
    """An IAM-only mutation, whose one argument `input` is of the type `input_type`.

    `selection` is every field of what it returns: subscribers get, and filters see, what the mutation selects, and
    nothing else.
    """

    mutation: str
    input_type: str
    selection: str

    @property
    def document(self) -> str:
        return f"mutation($input: {self.input_type}!) {{ {self.mutation}(input: $input) {{ {self.selection} }} }}"


@dataclass(frozen=True)
class Push:
    publication: Publication
    input: Mapping[str, Any]
