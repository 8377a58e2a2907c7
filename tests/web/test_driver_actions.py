"""What the driver's page keeps until the platform has answered: nothing is lost, and nothing goes out twice."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.web.script import run

# A phone: its store, its one lock, and timers whose waits are told and take no time.
PHONE = """
const rows = new Map();
let keys = 0;
const later = (answer) => {
  const request = new EventTarget();
  queueMicrotask(() => {
    request.result = answer();
    request.onupgradeneeded?.();
    request.dispatchEvent(new Event('success'));
  });
  return request;
};
const store = {
  add: (row) => later(() => (rows.set(++keys, structuredClone({ ...row, key: keys })), keys)),
  put: (row) => later(() => (rows.set(row.key, structuredClone(row)), row.key)),
  delete: (key) => later(() => void rows.delete(key)),
  getAll: () => later(() => [...rows.values()]),
};
globalThis.indexedDB = {
  open: () => later(() => ({ createObjectStore: () => undefined, transaction: () => ({ objectStore: () => store }) })),
};
let held = false;
const locks = {
  async request(name, options, work) {
    if (held) return work(null);
    held = true;
    return work({ name }).finally(() => (held = false));
  },
};
Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });
globalThis.addEventListener = () => undefined;
globalThis.waits = [];
globalThis.soon = globalThis.setTimeout;
globalThis.setTimeout = (work, ms) => (waits.push(ms), soon(work, 0));
"""
# Amplify: answers each request with the next of `answers`, and with the last of them for ever.
API = """
export const CONNECTION_STATE_CHANGE = '';
export const ConnectionState = {};
export const generateClient = () => ({
  async graphql({ query, variables }) {
    sent.push([/mutation (\\w+)/.exec(query)[1], variables]);
    const { errors } = answers.length > 1 ? answers.shift() : answers[0];
    if (errors) throw { data: null, errors };
    return { data: { done: {} } };
  },
});
"""
AMPLIFY = {
    "aws-amplify": "export const Amplify = { configure: () => undefined };",
    "aws-amplify/api": API,
    "aws-amplify/utils": "export const Hub = { listen: () => undefined };",
}
TAKEN = """
import {{ Actions }} from './driver/actions';
import {{ connect }} from './platform/api';
globalThis.sent = [];
globalThis.answers = {answers};
connect({{ api: {{ url: 'https://api', region: '' }}, signIn: {{}} }}, {{}});
const photos = [], answered = [];
let waiting = [];
const keepPhoto = async (deliveryId, photo) => (photos.push(await photo.text()), `proofs/me/${{deliveryId}}.jpg`);
const actions = await Actions.open('driver-1', keepPhoto, {{
  waiting: (found) => (waiting = found),
  answered: ({{ name }}, refusal) => answered.push([name, refusal?.kind ?? null]),
}});
await actions.take('PICK_UP', {{ deliveryId: '1' }});
await actions.take('DELIVER', {{ deliveryId: '1' }}, new Blob(['a photo']));
for (const end = Date.now() + 5000; waiting.length && Date.now() < end; ) await new Promise((done) => soon(done, 1));
console.log(JSON.stringify({{ sent, photos, answered, waits, waiting: waiting.map(({{ name }}) => name) }}));
process.exit();
"""


def refused(kind: str, **info: Any) -> dict[str, Any]:
    return {"errors": [{"errorType": kind, "message": "no", "errorInfo": info or None}]}


DONE: dict[str, Any] = {}
BUSY, FAILED = refused("Conflict", again=True), refused("Internal", again=True)
UNHEARD = {"errors": [{"message": "Failed to fetch"}]}
PROVED = {"deliveryId": "1", "proof": {"kind": "PHOTO", "photoKey": "proofs/me/1.jpg"}}


def taken(tmp_path: Path, *answers: dict[str, Any]) -> dict[str, Any]:
    """What became of a pick-up and a hand-over with a photo."""
    script = "import 'a-phone';" + TAKEN.format(answers=json.dumps(answers))
    found: dict[str, Any] = run(script, tmp_path, AMPLIFY | {"a-phone": PHONE})
    return found


@pytest.mark.parametrize("answer", [BUSY, FAILED, UNHEARD], ids=["met another", "not able at the moment", "no answer"])
def test_what_was_not_done_waits_and_goes_out_again_in_order(tmp_path: Path, answer: dict[str, Any]) -> None:
    found = taken(tmp_path, answer, answer, DONE, answer, DONE)
    assert [name for name, _ in found["sent"]] == ["PickUp"] * 3 + ["Deliver"] * 2
    assert found["answered"] == [["PICK_UP", None], ["DELIVER", None]]
    assert found["waiting"] == []


def test_a_photo_is_kept_until_the_hand_over_is_done_and_put_into_the_store_once(tmp_path: Path) -> None:
    found = taken(tmp_path, DONE, FAILED, BUSY, DONE)
    assert found["photos"] == ["a photo"]
    assert found["sent"][1:] == [["Deliver", PROVED]] * 3


@pytest.mark.parametrize("kind", ["Conflict", "NotFound", "Invalid"])
def test_what_is_refused_for_good_is_told_and_goes_out_once(tmp_path: Path, kind: str) -> None:
    found = taken(tmp_path, refused(kind), DONE)
    assert [name for name, _ in found["sent"]] == ["PickUp", "Deliver"]
    assert found["answered"] == [["PICK_UP", kind], ["DELIVER", None]]
    assert found["waits"] == []


def test_each_wait_is_longer_until_something_is_answered(tmp_path: Path) -> None:
    waits = taken(tmp_path, *[FAILED] * 8, DONE, BUSY, DONE)["waits"]
    most = [1000 * 2**failures for failures in range(5)] + [30_000] * 3 + [1000]
    assert [limit / 2 <= wait <= limit for wait, limit in zip(waits, most, strict=True)] == [True] * 9
