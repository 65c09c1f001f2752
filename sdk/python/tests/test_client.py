"""The client against a server that is not well; what the real one answers is tested from outside."""

import threading
import unittest
import uuid
from datetime import datetime, timezone

from affidavit import Affidavit, find_gaps
from stub import StubTest, call, problem, receipts_for


class ClientTest(StubTest):
    def test_repeats_with_the_same_bytes(self):
        stub, client = self.against(
            lambda events, attempt: problem(503, "unavailable") if attempt < 3 else receipts_for(events)
        )
        receipts = client.record([call(reason="a"), call(reason="b")])
        self.assertEqual(len(stub.requests), 3)
        self.assertEqual(stub.requests[0][1], stub.requests[2][1])
        self.assertEqual([receipt["id"] for receipt in receipts], [event["id"] for event in stub.requests[0][1]])

    def test_honours_retry_after(self):
        stub, client = self.against(
            lambda events, attempt: (503, {"Retry-After": 1}, {}) if attempt == 1 else receipts_for(events)
        )
        client.record(call())
        self.assertGreaterEqual(stub.requests[1][0] - stub.requests[0][0], 0.99)

    def test_fails_at_once_when_asked_to_wait_beyond_the_deadline(self):
        stub, client = self.against(lambda *_: (429, {"Retry-After": 120}, {}))
        error = self.assert_raises_code("unexpected_answer", lambda: client.record(call()))
        self.assertEqual((error.status, error.retry_after_seconds, len(stub.requests)), (429, 120, 1))

    def test_does_not_repeat_a_refusal(self):
        for status, code in ((401, "unauthenticated"), (422, "invalid_request"), (409, "idempotency_conflict")):
            stub, client = self.against(lambda *_, status=status, code=code: problem(status, code))
            self.assert_raises_code(code, lambda client=client: client.record(call()))
            self.assertEqual(len(stub.requests), 1)

    def test_a_hung_or_absent_server_ends_with_the_deadline(self):
        stub, client = self.against(lambda *_: None, timeout=0.3)
        self.assert_raises_code("timeout", lambda: client.record(call()))
        gone = Affidavit(url="http://127.0.0.1:1", api_key="k", timeout=0.3)
        self.addCleanup(gone.close)
        self.assert_raises_code("network_error", lambda: gone.record(call()))

    def test_splits_what_no_request_can_hold(self):
        stub, client = self.against(lambda events, _: receipts_for(events))
        self.assertEqual(len(client.record([call() for _ in range(2_500)])), 2_500)
        self.assertEqual([len(events) for _, events in stub.requests], [1_000, 1_000, 500])

    def test_takes_no_statement(self):
        stub, client = self.against(lambda events, _: receipts_for(events))
        for event in ({"kind": "query", "username": "ana"}, call(query_text="select 'secret'")):
            error = self.assert_raises_code("invalid_event", lambda event=event: client.record([call(), event]))
            self.assertRegex(str(error), "POST /v1/events .*affidavit collect postgres")
        self.assertEqual(stub.requests, [])

    def test_numbers_events_without_an_id_of_their_own(self):
        stub, client = self.against(lambda events, _: receipts_for(events))
        own = call(id=str(uuid.uuid4()))
        client.record([call(context={"a": 1}), own, call(occurred_at=datetime(2026, 1, 2, tzinfo=timezone.utc))])
        first, second, third = stub.requests[0][1]
        self.assertEqual(first["context"], {"a": 1, "emitter": {"id": client.emitter_id, "seq": 0}})
        self.assertRegex(first["occurred_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual(second, own)
        self.assertEqual((third["context"]["emitter"]["seq"], third["occurred_at"]), (1, "2026-01-02T00:00:00.000Z"))

    def test_refuses_what_is_no_json(self):
        stub, client = self.against(lambda events, _: receipts_for(events))
        cycle = {}
        cycle["self"] = cycle
        for value in (float("nan"), {1: 2}, {1, 2}, b"x", object(), cycle, datetime(2026, 1, 1)):
            bad = call(context={"v": value})
            self.assert_raises_code("invalid_event", lambda bad=bad: client.record([call(), call(), bad]))
        self.assert_raises_code("payload_too_large", lambda: client.record(call(request_body="a" * 262_144)))
        self.assert_raises_code("no_spool", lambda: client.record(call(), on_failure="spool"))
        client.record(call())
        self.assertEqual(stub.requests[0][1][0]["context"]["emitter"]["seq"], 0)  # No number was used by any of them.

    def test_threads_share_a_client(self):
        stub, client = self.against(lambda events, _: receipts_for(events))
        threads = [threading.Thread(target=client.record, args=(call(),)) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seqs = [event["context"]["emitter"]["seq"] for _, events in stub.requests for event in events]
        self.assertEqual(seqs, list(range(20)))

    def test_gaps(self):
        rows = [{"context": {"emitter": {"id": "a", "seq": seq}}} for seq in (3, 0, 7)] + [{}, {"context": None}]
        self.assertEqual(find_gaps(rows)[0]["missing"], [{"from": 1, "to": 2}, {"from": 4, "to": 6}])
        self.assertEqual(find_gaps(rows[:1], window=True), [])


if __name__ == "__main__":
    unittest.main()
