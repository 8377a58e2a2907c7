"""What each handler reads from its environment, every value set in stack.py. A missing one raises KeyError."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from delivery_events.notifications import Audience

from services.notifications.domain import Limits, Platform

# SNS's platform names, as they stand in an application's ARN.
_PLATFORMS = {"GCM": Platform.FCM, "APNS": Platform.APNS, "APNS_SANDBOX": Platform.APNS}


@dataclass(frozen=True)
class InboxSettings:
    failure_queue_url: str
    topics: Mapping[Audience, str]

    @classmethod
    def from_env(cls) -> "InboxSettings":
        return cls(
            failure_queue_url=os.environ["FAILURE_QUEUE_URL"],
            topics={
                Audience.CUSTOMER: os.environ["CUSTOMER_ALERTS_TOPIC_ARN"],
                Audience.DRIVER: os.environ["DRIVER_ALERTS_TOPIC_ARN"],
            },
        )


@dataclass(frozen=True)
class OutboxSettings:
    bus_name: str
    failure_queue_url: str
    give_up_after_s: float

    @classmethod
    def from_env(cls) -> "OutboxSettings":
        return cls(
            bus_name=os.environ["BUS_NAME"],
            failure_queue_url=os.environ["FAILURE_QUEUE_URL"],
            give_up_after_s=float(os.environ["GIVE_UP_AFTER"]),
        )


@dataclass(frozen=True)
class SenderSettings:
    """What the senders of all channels need."""

    table_name: str
    failure_queue_url: str
    limits: Limits
    lease_s: float

    @classmethod
    def from_env(cls) -> "SenderSettings":
        return cls(
            table_name=os.environ["TABLE_NAME"],
            failure_queue_url=os.environ["FAILURE_QUEUE_URL"],
            limits=Limits(
                max_age_s=float(os.environ["ALERT_MAX_AGE_SECONDS"]),
                memory_s=float(os.environ["ALERT_MEMORY_SECONDS"]),
            ),
            lease_s=float(os.environ["LEASE_SECONDS"]),
        )


@dataclass(frozen=True)
class SmsSettings:
    max_price_usd: str
    sender_id: str

    @classmethod
    def from_env(cls) -> "SmsSettings":
        return cls(max_price_usd=os.environ["SMS_MAX_PRICE_USD"], sender_id=os.environ["SMS_SENDER_ID"])


@dataclass(frozen=True)
class PushSettings:
    applications: Mapping[Platform, str]

    @classmethod
    def from_env(cls) -> "PushSettings":
        return cls(applications=applications(os.environ["PUSH_APPLICATION_ARN"]))


def applications(value: str) -> dict[Platform, str]:
    """SNS's platform applications by platform, from their ARNs with commas in between; "none" for none at all.

    Raises ValueError that says what is right: one application for each platform.
    """
    found: dict[Platform, str] = {}
    for arn in (part.strip() for part in value.split(",") if part.strip() != "none"):
        # arn:aws:sns:<region>:<account>:app/<platform>/<name>
        match arn.split(":")[-1].split("/"):
            case ["app", name, _] if arn.startswith("arn:") and name in _PLATFORMS:
                platform = _PLATFORMS[name]
                if platform in found:
                    raise ValueError(f"{found[platform]} and {arn} are both for {platform}; right is one of them")
                found[platform] = arn
            case _:
                raise ValueError(
                    f"{arn!r} is no platform application; right is none or arn:…:app/<{'|'.join(_PLATFORMS)}>/<name>"
                )
    return found
