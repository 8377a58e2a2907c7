"""What alerts say, in each language."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from delivery_events.orders import OrderReason

from services.notifications import rendering
from services.notifications.rendering import render
from services.notifications.templates import TEMPLATES
from tests.notifications.made import alert

LOCALES = ("en", "es")
NAMES = sorted(template.name for template in TEMPLATES)
WORDS = {"order": "3f2b8c1e", "pickup_m": "800", "deliveries": "2", "trip_m": "3400", "reason": "NO_DRIVER"}


def said(template: str, locale: str, **words: str) -> str:
    message = render(alert(template=template, parameters=WORDS | words), locale)
    return f"{message.title} {message.text}"


def test_there_are_texts_in_english_and_spanish() -> None:
    directory = Path(rendering.__file__).parent / "messages"
    assert sorted(path.stem for path in directory.iterdir()) == sorted(LOCALES)


@pytest.mark.parametrize("name", NAMES)
def test_every_alert_can_be_told_in_every_language(name: str) -> None:
    texts = [said(name, locale) for locale in LOCALES]
    for text in texts:
        assert "3f2b8c1e" in text
        assert not re.search(r"[{}]|NO_DRIVER", text)
    assert len(set(texts)) == len(LOCALES)


@pytest.mark.parametrize("name", NAMES)
def test_every_language_says_the_same_facts(name: str) -> None:
    """Other numbers, other text: a fact that one language leaves out would not change it."""
    facts = [
        {word for word in WORDS if said(name, locale) != said(name, locale, **{word: "OUT_OF_STOCK"})}
        for locale in LOCALES
    ]
    assert all(one == other for one, other in pairwise(facts))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("reason", OrderReason)
def test_every_reason_has_words_in_every_language(reason: OrderReason, locale: str) -> None:
    assert reason.value not in said("order_cancelled", locale, reason=reason.value)


@pytest.mark.parametrize(("locale", "like"), [("es-MX", "es"), ("fr", "en"), ("fr-CA", "en"), ("en-US", "en")])
def test_a_language_without_texts_falls_back(locale: str, like: str) -> None:
    assert said("order_completed", locale) == said("order_completed", like)


def test_an_unknown_template_is_an_error() -> None:
    with pytest.raises(KeyError):
        said("order_eaten", "en")


def test_what_a_message_is_filled_with_is_not_a_format_itself() -> None:
    assert "{recipient}" in said("order_completed", "en", order="{recipient}")
