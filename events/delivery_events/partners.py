"""Events of the partners service: whether a partner is sent anything."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from delivery_events.envelope import EventData


class DisabledReason(StrEnum):
    """Why a partner is sent nothing any more. GONE: its receiver said so, by 410. FAILING: it took nothing for days."""

    GONE = "GONE"
    FAILING = "FAILING"
    OPERATOR = "OPERATOR"


class PartnerData(EventData):
    SOURCE: ClassVar[str] = "delivery.partners"

    partner_id: str = Field(description="The partner's name, as its file is called.", examples=["acme"])


class PartnerDisabled(PartnerData):
    """A partner is sent nothing from now on; what would have been sent is kept for it."""

    TYPE = "partner.disabled"
    reason: DisabledReason = Field(description="Why it is sent nothing any more.", examples=["GONE"])


class PartnerEnabled(PartnerData):
    """A partner that was disabled is sent events again."""

    TYPE = "partner.enabled"
