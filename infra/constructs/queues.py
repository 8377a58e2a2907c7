"""Queues that lose nothing: each has a failure queue, and each failure queue an alarm."""

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs

from infra import names
from infra.construct_ids import construct_id
from infra.constructs.alarms import alarm
from infra.constructs.failure_queue import KEPT, failure_queue, let_redrive
from infra.constructs.functions import FunctionStack

ATTEMPTS = 5  # how often a queue delivers a message before it goes to the failure queue


class QueueStack(FunctionStack):
    """Functions that are fed by queues."""

    def queue(
        self,
        name: str,
        *,
        fifo: bool = False,
        delay: Duration | None = None,
        visibility: Duration | None = None,
        attempts: int = ATTEMPTS,
        may_wait: Duration | None = None,
    ) -> sqs.Queue:
        """A queue with its failure queue `<name>-failures`, which an alarm watches, and where a message goes that was
        received `attempts` times.

        `visibility` must be at least six times the consumer's timeout, as Lambda asks for; the default is for 30 s.
        `may_wait`: for how long a message may wait to be handled before the operators are told.
        """
        made = sqs.Queue(
            self,
            f"{construct_id(name)}Queue",
            queue_name=names.of(self.service, name) + (names.FIFO if fifo else ""),
            fifo=fifo or None,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=not self.stage.is_local,  # the local cloud speaks plain http
            retention_period=KEPT,
            delivery_delay=delay,
            visibility_timeout=visibility or Duration.seconds(180),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.failure_queue(name, fifo=fifo), max_receive_count=attempts
            ),
        )
        if not fifo:
            let_redrive(self, made)
        if may_wait:
            physical = names.of(self.service, name)
            alarm(
                self,
                f"{construct_id(name)}WaitingAlarm",
                name=physical + names.WAITING,
                description=f"Messages have waited in {physical} for {may_wait.to_hours():g} hours; SQS drops them "
                f"after {KEPT.to_days():g} days",
                metric=made.metric_approximate_age_of_oldest_message(period=Duration.minutes(5)),
                threshold=may_wait.to_seconds(),
            )
        return made

    def failure_queue(self, name: str, *, fifo: bool = False) -> sqs.Queue:
        """The queue `<name>-failures`: what ends up there waits 14 days for an operator, and raises an alarm."""
        return failure_queue(self, construct_id(name), names.of(self.service, name), self.stage, fifo=fifo)

    def consume(
        self, queue: sqs.Queue, function: lambda_.Function, *, batch_size: int = 10, max_concurrency: int | None = None
    ) -> None:
        """Let `function` handle the queue's messages; what it finds unreadable, it may park in the failure queue."""
        assert queue.dead_letter_queue  # noqa: S101 - queue() always makes one
        self.let_park(function, queue.dead_letter_queue.queue)
        function.add_event_source(
            sources.SqsEventSource(
                queue,
                batch_size=batch_size,
                max_concurrency=self.stage.at_once(max_concurrency),
                report_batch_item_failures=True,
            )
        )

    def let_park(self, function: lambda_.Function, failures: sqs.IQueue) -> None:
        """Let `function` put there what it can never handle."""
        failures.grant_send_messages(function)
        function.add_environment("FAILURE_QUEUE_URL", failures.queue_url)
