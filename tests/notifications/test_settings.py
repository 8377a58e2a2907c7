"""Which platform applications push messages go through."""

import pytest

from services.notifications.domain import Platform
from services.notifications.settings import applications

FCM = "arn:aws:sns:us-east-1:123456789012:app/GCM/delivery"
APNS = "arn:aws:sns:us-east-1:123456789012:app/APNS_SANDBOX/delivery"


def test_each_platform_has_its_application() -> None:
    assert applications(f"{FCM}, {APNS}") == {Platform.FCM: FCM, Platform.APNS: APNS}


def test_none_is_none_at_all() -> None:
    assert applications("none") == {}


@pytest.mark.parametrize("wrong", ["", "null", FCM.replace("app/", "endpoint/"), FCM.replace("GCM", "ADM")])
def test_anything_else_is_refused_with_what_would_be_right(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"right is none or arn:.*GCM"):
        applications(wrong)
