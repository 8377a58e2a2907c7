"""The orders service on AWS: `delivery-orders`."""

from constructs import Construct

from infra.constructs import Index, ServiceStack
from infra.stage import Stage
from services.orders.carrying import CONSUMES
from services.orders.pushes import STATUS

MERCHANT_SILENCE_SECONDS = 300  # how long a merchant may leave an order unanswered

INDEXES = (
    Index("customer-index", "customer_id", "placed_key"),
    Index("merchant-index", "merchant_id", "merchant_key"),
    Index("status-index", "status", "placed_key"),
    Index("directory-index", "directory", "directory_key"),
)


class OrdersStack(ServiceStack):
    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, "orders", stage, indexes=INDEXES)
        silence = {"MERCHANT_SILENCE_SECONDS": stage.seconds(MERCHANT_SILENCE_SECONDS)}

        clock = self.queue("timers")
        environment = {**silence, "TIMERS_QUEUE_URL": clock.queue_url}
        outbox = self.outbox(pushes=[STATUS.mutation], environment=environment)
        self.table.grant(outbox, "dynamodb:GetItem", "dynamodb:UpdateItem")
        clock.grant_send_messages(outbox)

        inbox = self.inbox(CONSUMES)
        self.table.grant(inbox, "dynamodb:GetItem", "dynamodb:UpdateItem")

        timers = self.function("timers", environment=silence)
        self.table.grant(timers, "dynamodb:GetItem", "dynamodb:UpdateItem")
        self.consume(clock, timers)

        sweep = self.every_minute("sweep", environment=silence)
        self.table.grant(sweep, "dynamodb:Query", "dynamodb:UpdateItem")

        self.resolvers()
