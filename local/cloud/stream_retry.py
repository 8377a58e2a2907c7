"""What AWS does with a batch of stream records after an invocation: pure decisions, no MiniStack.

Source: AWS Lambda Developer Guide, "Retain discarded records for a DynamoDB event source" and "Configuring partial
batch response with DynamoDB and Lambda".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Record = Mapping[str, Any]

RETRIES_EXHAUSTED = "RetryAttemptsExhausted"
TOO_OLD = "RecordAgeExceeded"


@dataclass(frozen=True)
class Policy:
    """Settings of an event source mapping. `retries` and `age_seconds`: None for no limit."""

    retries: int | None = None
    age_seconds: int | None = None
    bisect: bool = False
    report_failures: bool = False

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> "Policy":
        """From the API's fields; -1 and absent mean no limit."""
        retries = mapping.get("MaximumRetryAttempts")
        age = mapping.get("MaximumRecordAgeInSeconds")
        return cls(
            retries=None if retries is None or int(retries) < 0 else int(retries),
            age_seconds=None if age is None or int(age) <= 0 else int(age),
            bisect=bool(mapping.get("BisectBatchOnFunctionError")),
            report_failures="ReportBatchItemFailures" in (mapping.get("FunctionResponseTypes") or ()),
        )


@dataclass(frozen=True)
class Batch:
    """Consecutive records of one lane, and how often an invocation with its first record has failed."""

    records: Sequence[Record]
    failures: int = 0


@dataclass(frozen=True)
class Discarded:
    """Records given up, and why."""

    batch: Batch
    condition: str


def sequence_number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


def first_failure(batch: Batch, result: Mapping[str, Any], policy: Policy) -> int | None:
    """Index of the record to go on from after an invocation, None if all of the batch succeeded.

    With ReportBatchItemFailures the lowest reported sequence number is the checkpoint; a response that reports an
    empty, missing or unknown identifier fails the whole batch, one that reports nothing succeeds.
    """
    if result.get("error"):
        return 0
    body = result.get("body")
    if not policy.report_failures or body is None:
        return None
    if not isinstance(body, Mapping):
        return 0
    items = body.get("batchItemFailures")
    if not items:
        return None
    positions = {sequence_number(record): index for index, record in enumerate(batch.records)}
    try:
        return min(positions[item["itemIdentifier"]] for item in items)
    except (KeyError, TypeError):
        return 0


def too_old(batch: Batch, policy: Policy, now: float) -> int:
    """How many records at the front of the batch exceed the maximum age; `now` in epoch seconds."""
    if policy.age_seconds is None:
        return 0
    count = 0
    for record in batch.records:
        if now - float(record["dynamodb"]["ApproximateCreationDateTime"]) <= policy.age_seconds:
            break
        count += 1
    return count


def after_failure(batch: Batch, failed_at: int, policy: Policy) -> list[Batch] | Discarded:
    """What to invoke next, in order, after an invocation failed from index `failed_at` on.

    Records before it are done. Splitting does not consume the retry quota. Without splitting, the remaining records are
    one batch whose quota starts anew where the checkpoint moved, because its first record failed for the first time.
    """
    rest = batch.records[failed_at:]
    if failed_at > 0:
        return [Batch(rest, 1)]
    failures = batch.failures + 1
    if policy.bisect and len(rest) > 1:
        half = len(rest) // 2
        return [Batch(rest[:half], batch.failures), Batch(rest[half:], batch.failures)]
    if policy.retries is not None and failures > policy.retries:
        return Discarded(Batch(rest, failures), RETRIES_EXHAUSTED)
    return [Batch(rest, failures)]
