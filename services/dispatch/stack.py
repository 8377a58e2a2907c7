"""The dispatch service on AWS: `delivery-dispatch`.

change of the table ─► outbox ─► queue of rounds, a zone at a time ─► round ─► offers, and timers for the next round
"""

from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs import Index, ServiceStack
from infra.stage import Stage
from services.dispatch.following import CONSUMES
from services.dispatch.planner.model import Settings
from services.dispatch.pushes import FLEET, OFFER

OFFER_SECONDS = 45  # how long a driver may think about an offer
ANSWER_WITHIN_SECONDS = 20  # how long drivers usually take to answer and set off: so much sooner a trip is offered
ROUND_WINDOW_SECONDS = 10  # how long asks are collected for one round of a zone
ROUND_EVERY_SECONDS = 30  # how often a zone is planned while a driver is looked for, whether or not there is news
PLAN_WITHIN_SECONDS = 0.25  # how long a round may search for a better plan, at any speed of the clock
FOUND_WITHIN_SECONDS = 1200  # from when it is ready or the search began until the customer is asked what to do
CHOICE_SECONDS = 900  # how long a driver is looked for after that, unless the customer keeps waiting
SPEED_MPS = 5  # how fast drivers are while nothing is learnt of them, metres per second as the crow flies

# What a trip pays: for itself, for each kilometre of its way, for each stop. Minor units.
PAY = {"PAY_CURRENCY": "USD", "PAY_BASE": "250", "PAY_PER_KM": "60", "PAY_PER_STOP": "75"}

# What plans weigh beside the delays of orders, as planner/model.py says: what did best on real days.
BEST = Settings()
WEIGHED = {
    "PLANNER_STEEPNESS": f"{BEST.steepness:g}",
    "PLANNER_METRE": f"{BEST.metre:g}",
    "PLANNER_FAIRNESS": f"{BEST.fairness:g}",
    "PLANNER_REFUSAL": f"{BEST.refusal:g}",
    "PLANNER_RESERVE": f"{BEST.reserve:g}",
}

ROUND_ATTEMPTS = 3  # few, as a zone has no other round while a failed one is tried again
ROUND_MEMORY_MB = 1024  # planning is arithmetic, and a function's share of the processor grows with its memory

INDEXES = (
    Index("zone-index", "zone_key", "zone_sk"),
    Index("holder-index", "holder_id", "holder_key"),
    Index("roster-index", "roster", "roster_key", keys_only=True),
)


# What the table learns, and who watches, makes no event and sets nothing in motion.
CONCERNS_SOMEBODY = {"Keys": {"pk": {"S": [{"prefix": "DELIVERY#"}, {"prefix": "DRIVER#"}]}}}


class DispatchStack(ServiceStack):
    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, "dispatch", stage, indexes=INDEXES)
        collect = stage.delay(ROUND_WINDOW_SECONDS)
        rounds = self.queue(
            "rounds",
            fifo=True,
            delay=collect,
            attempts=ROUND_ATTEMPTS,
        )
        timers = self.queue("timers")
        # Not stage.seconds: a window shorter than the queue's delay, which is a whole second, would only add rounds.
        to_rounds = {
            "ROUNDS_QUEUE_URL": rounds.queue_url,
            "ROUND_WINDOW_SECONDS": str(collect.to_seconds()),
        }
        to_timers = {"TIMERS_QUEUE_URL": timers.queue_url}

        publications = [FLEET.mutation, OFFER.mutation]
        to_real = {"TIME_SCALE": f"{stage.time_scale:g}"}  # what is learnt and planned counts in real seconds
        outbox = self.outbox(
            pushes=publications, only=[CONCERNS_SOMEBODY], environment={**to_rounds, **to_timers, **to_real}
        )
        self.table.grant(outbox, "dynamodb:GetItem", "dynamodb:UpdateItem")
        rounds.grant_send_messages(outbox)
        timers.grant_send_messages(outbox)

        inbox = self.inbox(CONSUMES)
        self.table.grant(inbox, "dynamodb:GetItem", "dynamodb:UpdateItem")

        self._rounds(rounds, timers, {**to_rounds, **to_timers, **to_real})
        self._timers(rounds, timers, {**to_rounds, **to_timers})
        self._sweep(rounds, to_rounds)
        self.resolvers()

    def _rounds(self, rounds: sqs.Queue, timers: sqs.Queue, environment: dict[str, str]) -> None:
        planner = self.function(
            "rounds",
            memory_mb=ROUND_MEMORY_MB,
            environment={
                "OFFER_SECONDS": str(OFFER_SECONDS),
                "ANSWER_WITHIN_SECONDS": str(ANSWER_WITHIN_SECONDS),
                "ROUND_EVERY_SECONDS": str(ROUND_EVERY_SECONDS),
                "PLAN_WITHIN_SECONDS": str(PLAN_WITHIN_SECONDS),
                "FOUND_WITHIN_SECONDS": str(FOUND_WITHIN_SECONDS),
                "CHOICE_SECONDS": str(CHOICE_SECONDS),
                "SPEED_MPS": str(SPEED_MPS),
                **PAY,
                **WEIGHED,
                **environment,
            },
        )
        self.table.grant(planner, "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:UpdateItem")
        timers.grant_send_messages(planner)
        self.consume(rounds, planner, batch_size=1)

    def _timers(self, rounds: sqs.Queue, timers: sqs.Queue, environment: dict[str, str]) -> None:
        bell = self.function("timers", environment=environment)
        self.table.grant(bell, "dynamodb:GetItem", "dynamodb:UpdateItem")
        rounds.grant_send_messages(bell)
        timers.grant_send_messages(bell)
        self.consume(timers, bell)

    def _sweep(self, rounds: sqs.Queue, environment: dict[str, str]) -> None:
        sweep = self.every_minute("sweep", environment=environment)
        self.table.grant(sweep, "dynamodb:Query", "dynamodb:BatchGetItem", "dynamodb:UpdateItem")
        rounds.grant_send_messages(sweep)
