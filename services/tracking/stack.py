"""The tracking service on AWS: `delivery-tracking`."""

from constructs import Construct

from infra.constructs import ServiceStack
from infra.stage import Stage
from services.tracking.following import CONSUMES

KEEP_SECONDS = 30 * 86_400  # how long an order that has ended can still be looked at
MOVED_SECONDS = 60  # how often others are told of a driver who stays in one zone
GEOFENCE_METRES = 60  # how near a stop counts as arrived


class TrackingStack(ServiceStack):
    def __init__(self, scope: Construct, stage: Stage) -> None:
        # No index: reports are the platform's most frequent write, and each index would double it.
        super().__init__(scope, "tracking", stage)

        self.outbox(
            environment={"MOVED_SECONDS": stage.seconds(MOVED_SECONDS), "GEOFENCE_METRES": str(GEOFENCE_METRES)}
        )

        inbox = self.inbox(CONSUMES, environment={"KEEP_SECONDS": stage.seconds(KEEP_SECONDS)})
        self.table.grant(inbox, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")

        self.resolvers()
