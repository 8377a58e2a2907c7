"""Text messages by Amazon SNS, straight to a phone number."""

from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError
from delivery_events.notifications import Channel

from services.notifications.domain import Result, failed, sent
from services.notifications.provider import Outgoing, code, failure

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

logger = Logger(child=True)


class TextMessages:
    """`max_price_usd` is the most that one message may cost; SNS refuses a dearer one. `sender_id` is shown as the
    sender in countries that allow it; empty for none."""

    channel = Channel.SMS

    def __init__(self, client: "SNSClient", *, max_price_usd: str, sender_id: str = "") -> None:
        self._client = client
        self._attributes: dict[str, MessageAttributeValueTypeDef] = {
            # Somebody waits for it: SNS routes such messages for reliability, not for cost.
            "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
            "AWS.SNS.SMS.MaxPrice": {"DataType": "Number", "StringValue": max_price_usd},
        }
        if sender_id:
            self._attributes["AWS.SNS.SMS.SenderID"] = {"DataType": "String", "StringValue": sender_id}

    def send(self, outgoing: Outgoing) -> Result:
        """Send to the contact's number, which has been checked. Raises Unavailable if it may work later."""
        try:
            answer = self._client.publish(
                PhoneNumber=outgoing.contact.phone or "",
                Message=outgoing.message.text,
                MessageAttributes=self._attributes,
            )
        except (ClientError, BotoCoreError) as error:
            reason = failure(error)
            logger.warning("text message refused", extra={"alert_id": outgoing.alert.alert_id, "code": code(error)})
            return failed(reason)
        return sent(answer["MessageId"])
