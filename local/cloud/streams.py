"""DynamoDB streams as an event source of functions, with AWS's failure semantics.

AWS ("Using AWS Lambda with Amazon DynamoDB", "Retain discarded records for a DynamoDB event source"): a failed batch
is retried, optionally split, until it succeeds, is too old or has used up its retries, and then a pointer to it goes to
the failure destination; a partial failure is retried from the lowest reported record on; up to ParallelizationFactor
batches run at once, in order per item; a throttled invocation does not use up retries.

MiniStack takes a partial failure for success, retries a raising batch for ever, ignores the settings above and blocks
the thread that polls all queues while the function runs.

Replaced: `ministack.services.lambda_svc._poll_dynamodb_streams`, the step of MiniStack's poll loop that reads streams.
No public interface leads to it. MiniStack wakes the loop on every write, so nothing here polls on a timer.
"""

import json
import threading
import time
import zlib
from collections import deque
from collections.abc import Callable
from itertools import islice

from ministack.core import responses
from ministack.core.concurrency import spawn_background
from ministack.services import dynamodb, lambda_svc

from local.cloud import patch
from local.cloud.api import JsonObject
from local.cloud.stream_delivery import deliver
from local.cloud.stream_retry import Record

_READ_AHEAD = 1000  # records a lane may hold


class Mapping:
    """One event source mapping: reads its stream into lanes, as many as batches may run at once.

    An item's records always take the same lane, in order. The position kept for a restart is the first that some lane
    has not finished, so a record can be delivered twice but none is lost.
    """

    def __init__(self, mapping: JsonObject, table: str) -> None:
        self.mapping = mapping
        self._table = table
        self._lock = threading.Lock()
        lanes = int(mapping.get("ParallelizationFactor") or 1)
        self._lanes: list[deque[tuple[int, Record]]] = [deque() for _ in range(lanes)]
        self._arrived = [threading.Event() for _ in range(lanes)]
        self._running: set[int] = set()
        self._position: int | None = None

    def live(self) -> bool:
        """False once the mapping was disabled, replaced or deleted."""
        return lambda_svc._esms.get(self.mapping["UUID"]) is self.mapping and self.mapping.get("Enabled", True)

    def read(self) -> bool:
        """Takes new records from the stream and starts idle lanes that have some. True if there were any."""
        with self._lock:
            if self._position is None:
                self._position = self._first_position()
            room = _READ_AHEAD * len(self._lanes) - sum(map(len, self._lanes))
            start = max(self._position, dynamodb.stream_start_position(self._table))
            records = dynamodb.stream_records_since(self._table, start, room) if room > 0 else []
            if records:
                self._distribute(start, records)
                self._position = start + len(records)
                self._checkpoint()
            for lane, waiting in enumerate(self._lanes):
                if waiting and lane not in self._running:
                    self._running.add(lane)
                    spawn_background(self._run, lane, thread_name="stream-lane")
        return bool(records)

    def _first_position(self) -> int:
        with lambda_svc._dynamodb_stream_positions_lock:
            kept = lambda_svc._dynamodb_stream_positions.get(self.mapping["UUID"])
        end = int(dynamodb.stream_end_position(self._table))
        if kept is not None:
            return min(int(kept), end)
        oldest = self.mapping.get("StartingPosition") == "TRIM_HORIZON"
        return int(dynamodb.stream_start_position(self._table)) if oldest else end

    def _distribute(self, start: int, records: list[Record]) -> None:
        wanted = {id(record) for record in lambda_svc._apply_filter_criteria(records, self.mapping)}
        for position, record in enumerate(records, start):
            if id(record) in wanted:
                lane = _lane(record, len(self._lanes))
                self._lanes[lane].append((position, record))
                self._arrived[lane].set()

    def _checkpoint(self) -> None:
        done = min((lane[0][0] for lane in self._lanes if lane), default=self._position)
        with lambda_svc._dynamodb_stream_positions_lock:
            lambda_svc._dynamodb_stream_positions[self.mapping["UUID"]] = done

    def _run(self, lane: int) -> None:
        """Works through one lane until it is empty or the mapping stops being live."""
        waiting = self._lanes[lane]
        while True:
            self._await_batch(lane)
            with self._lock:
                batch = [record for _, record in islice(waiting, self._batch_size)]
                if not batch:
                    self._running.discard(lane)
                    return
            if not deliver(self.mapping, batch, self.live):
                # Forgets what was read ahead. Whoever reads next starts a new Mapping from the checkpoint.
                _mappings.pop(self.mapping["UUID"], None)
                return
            with self._lock:
                for _ in batch:
                    waiting.popleft()
                self._checkpoint()
            self.read()

    @property
    def _batch_size(self) -> int:
        return int(self.mapping.get("BatchSize") or 100)

    def _await_batch(self, lane: int) -> None:
        """Waits for a full batch, at most for the batching window."""
        deadline = time.monotonic() + float(self.mapping.get("MaximumBatchingWindowInSeconds") or 0)
        while len(self._lanes[lane]) < self._batch_size and (left := deadline - time.monotonic()) > 0:
            self._arrived[lane].clear()
            if len(self._lanes[lane]) < self._batch_size:
                self._arrived[lane].wait(left)


def _lane(record: Record, lanes: int) -> int:
    return zlib.crc32(json.dumps(record["dynamodb"]["Keys"], sort_keys=True).encode()) % lanes


_mappings: dict[str, Mapping] = {}


def _poll() -> bool:
    """One step of MiniStack's poll loop: gives every enabled mapping its new records. True if there were any."""
    worked = False
    for account, region, mapping in lambda_svc._iter_all_esms():
        arn = str(mapping.get("EventSourceArn", ""))
        if ":dynamodb:" not in arn or not mapping.get("Enabled", True):
            continue
        responses.set_request_account_id(account)
        responses.set_request_region(region)
        table = arn.split("/")[1]
        if (dynamodb._tables.get(table) or {}).get("LatestStreamArn") != arn:
            continue
        known = _mappings.get(mapping["UUID"])
        if known is None or known.mapping is not mapping:
            known = _mappings[mapping["UUID"]] = Mapping(mapping, table)
        worked = known.read() or worked
    return worked


def install() -> None:
    """Replaces MiniStack's step that polls DynamoDB streams."""
    patch.require(
        lambda_svc,
        "_apply_filter_criteria",
        "_dynamodb_stream_positions",
        "_dynamodb_stream_positions_lock",
        "_esms",
        "_execute_function",
        "_get_func_record_for_qualifier",
        "_iter_all_esms",
    )
    patch.require(dynamodb, "_tables", "stream_end_position", "stream_records_since", "stream_start_position")

    def make(_: Callable[[], bool]) -> Callable[[], bool]:
        return _poll

    patch.replace(lambda_svc, "_poll_dynamodb_streams", make)
