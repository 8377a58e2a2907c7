"""What SNS is given to push: the message in each platform's form, and for how long it is worth delivering."""

import json
from typing import TYPE_CHECKING

from services.notifications.domain import Alert
from services.notifications.rendering import Message

if TYPE_CHECKING:
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

MAX_TTL_S = 4 * 7 * 86_400  # the push services keep a message no longer than four weeks


def document(alert: Alert, message: Message) -> str:
    """SNS's message structure `json`: one text for each platform, each of which is JSON again.

    GCM is SNS's name for Firebase; `fcmV1Message` holds what FCM's HTTP v1 API takes, APNS what Apple's payload has.
    """
    about = {"orderId": alert.order_id, "template": alert.template}
    firebase = {
        "fcmV1Message": {
            "message": {
                "notification": {"title": message.title, "body": message.text},
                "data": about,
                "android": {"priority": "high"},
            }
        }
    }
    apple = {"aps": {"alert": {"title": message.title, "body": message.text}, "sound": "default"}, **about}
    return json.dumps(
        {
            "default": message.text,
            "GCM": json.dumps(firebase),
            "APNS": json.dumps(apple),
            "APNS_SANDBOX": json.dumps(apple),
        }
    )


def time_to_live(seconds: float) -> "dict[str, MessageAttributeValueTypeDef]":
    """How long the push services may keep trying to reach a device, so that no offer pops up after it has lapsed.

    A whole number, and not 0, which means "now or never" to some of them.
    """
    ttl = str(min(MAX_TTL_S, max(1, int(seconds))))
    return {
        f"AWS.SNS.MOBILE.{platform}.TTL": {"DataType": "Number", "StringValue": ttl}
        for platform in ("FCM", "APNS", "APNS_SANDBOX")
    }
