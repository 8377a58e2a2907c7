"""How constructs are named inside a stack."""


def construct_id(name: str) -> str:
    """`offer-expiry` as a construct id: `OfferExpiry`."""
    return "".join(word[:1].upper() + word[1:] for word in name.replace("_", "-").split("-"))
