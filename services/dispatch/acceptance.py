"""How willing a driver is, as a running share of offers accepted and kept. Pure."""

ANSWERS = 20  # of what happened so many answers ago, about a third counts


def after(rate: float, accepted: bool) -> float:
    """The rate after one more answer: a twentieth of the way towards 1 or 0."""
    return rate + ((1.0 if accepted else 0.0) - rate) / ANSWERS
