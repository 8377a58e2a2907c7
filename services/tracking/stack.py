"""The tracking service on AWS: `delivery-tracking`."""

from constructs import Construct

from infra.constructs import ServiceStack
from infra.stage import Stage
from services.tracking.following import CONSUMES
from services.tracking.pushes import ENDED_WATCH, MOVEMENT, SHARED

KEEP_SECONDS = 30 * 86_400  # how long an order that has ended can still be looked at
MOVED_SECONDS = 60  # how often others are told of a driver who stays in one zone
GEOFENCE_METRES = 60  # how near a stop counts as arrived
LINK_SECONDS = 3600  # how long after an order's end its tracking link works
SPEED_MPS = 5  # how fast drivers are expected to be, metres per second as the crow flies


# Of entries of a timeline, and of orders at which nobody looks, there is nothing to tell.
CONCERNS_SOMEBODY = (
    {"Keys": {"sk": {"S": ["DRIVER"]}}},
    {"Keys": {"sk": {"S": ["TRACKING"]}}, "NewImage": {"watched_until": {"S": [{"exists": True}]}}},
    {"Keys": {"sk": {"S": ["TRACKING"]}}, "NewImage": {"share_secret": {"S": [{"exists": True}]}}},
)


class TrackingStack(ServiceStack):
    def __init__(self, scope: Construct, stage: Stage) -> None:
        # No index: reports are the platform's most frequent write, and each index would double it.
        super().__init__(scope, "tracking", stage)

        outbox = self.outbox(
            pushes=[each.mutation for each in (ENDED_WATCH, MOVEMENT, SHARED)],
            only=CONCERNS_SOMEBODY,
            environment={
                "MOVED_SECONDS": stage.seconds(MOVED_SECONDS),
                "GEOFENCE_METRES": str(GEOFENCE_METRES),
                "SPEED_MPS": f"{SPEED_MPS * stage.time_scale:g}",
            },
        )
        self.table.grant(outbox, "dynamodb:UpdateItem")

        kept = {"KEEP_SECONDS": stage.seconds(KEEP_SECONDS), "LINK_SECONDS": stage.seconds(LINK_SECONDS)}
        inbox = self.inbox(CONSUMES, environment=kept)
        self.table.grant(inbox, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")

        self.resolvers()
