"""The client against a server that is not well; what the real one answers is tested from outside."""

import json
import os
import tempfile
import threading
import time
import unittest
import uuid
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from affidavit import Affidavit, AffidavitError, find_gaps


def receipts_for(events):
    made = [
        {"id": event["id"], "seq": seq, "created_at": "2026-11-22T00:00:00.000000Z", "status": "created"}
        for seq, event in enumerate(events)
    ]
    return 201, {}, {"receipts": made}


def problem(status, code, **extra):
    return status, {}, {"status": status, "code": code, "detail": "no", **extra}


class Stub:
    """Answers as ``answer(events, attempt)`` says; None: nothing, ever."""

    def __init__(self, answer):
        self.requests = []
        ended = self.ended = threading.Event()
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                requests.append((time.monotonic(), body["events"]))
                told = answer(body["events"], len(requests))
                if told is None:
                    ended.wait(5)
                    self.close_connection = True
                    return
                status, headers, document = told
                text = json.dumps(document).encode()
                kind = "application/json" if status < 400 else "application/problem+json"
                self.send_response(status)
                for name, value in {"Content-Type": kind, **headers, "Content-Length": len(text)}.items():
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def call(**fields):
    return {"kind": "call", "outcome": "success", **fields}


class ClientTest(unittest.TestCase):
    def against(self, answer, **options):
        stub = Stub(answer)
        self.addCleanup(stub.close)
        client = Affidavit(**{"url": stub.url, "api_key": "afd_live_x", "timeout": 5, **options})
        self.addCleanup(client.close)
        return stub, client

    def assert_raises_code(self, code, act):
        with self.assertRaises(AffidavitError) as raised:
            act()
        self.assertEqual(raised.exception.code, code)
        return raised.exception

    def wait_for(self, is_so):
        deadline = time.monotonic() + 30
        while not is_so() and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertTrue(is_so())

    def spool(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return os.path.join(folder.name, "spool")

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
        _, client = self.against(lambda events, _: receipts_for(events))
        cycle = {}
        cycle["self"] = cycle
        for value in (float("nan"), {1: 2}, {1, 2}, b"x", object(), cycle, datetime(2026, 1, 1)):
            self.assert_raises_code("invalid_event", lambda value=value: client.record(call(context={"v": value})))
        self.assert_raises_code("payload_too_large", lambda: client.record(call(request_body="a" * 262_144)))
        self.assert_raises_code("no_spool", lambda: client.record(call(), on_failure="spool"))

    def test_threads_share_a_client(self):
        stub, client = self.against(lambda events, _: receipts_for(events))
        threads = [threading.Thread(target=client.record, args=(call(),)) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seqs = [event["context"]["emitter"]["seq"] for _, events in stub.requests for event in events]
        self.assertEqual(seqs, list(range(20)))

    def test_a_spool_goes_out_by_itself_in_order(self):
        away = True
        stub, client = self.against(
            lambda events, _: problem(503, "unavailable") if away else receipts_for(events), spool_folder=self.spool()
        )
        ids = []
        for _ in range(6):
            (receipt,) = client.record(call())
            self.assertEqual(receipt["status"], "spooled")
            ids.append(receipt["id"])
        away = False
        client.flush()
        sent = [event["id"] for _, events in stub.requests for event in events]
        self.assertEqual(sent[-6:], ids)
        self.assertEqual(client.record(call())[0]["status"], "created")

    def test_what_is_no_answer_of_affidavit_is_waited_out(self):
        html = {"Content-Type": "text/html"}
        for odd in (
            (400, html, "bad request"),
            (413, html, "too large"),
            (422, {"Content-Type": "application/json"}, {"code": "E7"}),
            (422, {}, {"status": 422, "detail": "no"}),
            (403, html, "forbidden"),
            (404, html, "default backend"),
            (200, html, "<html>"),
            (201, {}, {"ok": True}),
        ):
            with self.subTest(odd=odd):
                is_odd = True
                reports = []
                folder = self.spool()
                stub, client = self.against(
                    lambda events, _, odd=odd: odd if is_odd else receipts_for(events),
                    spool_folder=folder,
                    on_report=reports.append,
                )
                ids = [client.record(call())[0]["id"]]
                self.wait_for(lambda stub=stub: len(stub.requests) > 1)  # Asked again from the spool, too.
                (second,) = client.record(call())
                self.assertEqual(second["status"], "spooled")
                self.wait_for(lambda reports=reports: reports)
                is_odd = False
                del stub.requests[:]
                client.flush()
                self.assertEqual([event["id"] for _, events in stub.requests for event in events], [*ids, second["id"]])
                self.assertEqual([report.kind for report in reports], ["waiting"])
                self.assertEqual(os.listdir(folder), ["lock"])

    def test_a_proxy_that_takes_less_gets_smaller_requests(self):
        folder = self.spool()
        gone = Affidavit(url="http://127.0.0.1:1", api_key="k", spool_folder=folder)
        gone.record([call() for _ in range(20)])
        gone.close()
        stub, client = self.against(
            lambda events, _: (413, {"Content-Type": "text/html"}, "large") if len(events) > 3 else receipts_for(events),
            spool_folder=folder,
        )
        client.flush()
        self.assertEqual(sum(len(events) for _, events in stub.requests if len(events) <= 3), 20)

    def test_a_refused_event_is_moved_aside_and_reported(self):
        folder = self.spool()
        gone = Affidavit(url="http://127.0.0.1:1", api_key="k", spool_folder=folder)
        ids = [gone.record(call(reason=reason))[0]["id"] for reason in ("a", "bad", "b")]
        gone.close()

        def answer(events, _):
            faults = [
                {"pointer": f"/events/{index}", "message": "is bad"}
                for index, event in enumerate(events)
                if event["reason"] == "bad"
            ]
            return problem(422, "invalid_request", errors=faults) if faults else receipts_for(events)

        reports = []
        _, client = self.against(answer, spool_folder=folder, on_report=reports.append)
        client.flush()
        with open(os.path.join(folder, "refused.ndjson"), encoding="utf-8") as file:
            refused = [json.loads(line) for line in file]
        self.assertEqual([line["event"]["id"] for line in refused], [ids[1]])
        self.wait_for(lambda: reports)
        self.assertEqual([(report.kind, report.event_id) for report in reports], [("refused", ids[1])])

    def test_limits_of_a_spool(self):
        folder = self.spool()
        with Affidavit(url="http://127.0.0.1:1", api_key="k", spool_folder=folder, spool_bytes_max=600) as client:
            client.record(call())
            self.assert_raises_code("spool_full", lambda: [client.record(call()) for _ in range(5)])
            other = Affidavit(
                url="http://127.0.0.1:1", api_key="k", spool_folder=folder, on_report=lambda _: None
            )
            self.assert_raises_code("spool_locked", lambda: other.record(call()))
        (segment,) = [name for name in os.listdir(folder) if name.endswith(".ndjson")]
        path = os.path.join(folder, segment)
        with open(path, encoding="utf-8") as file:
            line = json.loads(file.readline())
        line["spooled_at"] = datetime.fromtimestamp(time.time() - 29.01 * 86_400, timezone.utc).isoformat()
        with open(path, "w", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        reports = []
        old = Affidavit(url="http://127.0.0.1:1", api_key="k", spool_folder=folder, on_report=reports.append)
        self.assert_raises_code("spool_expired", lambda: old.record(call()))
        self.assertEqual(reports[0].kind, "blocked")

    def test_gaps(self):
        rows = [{"context": {"emitter": {"id": "a", "seq": seq}}} for seq in (3, 0, 7)] + [{}, {"context": None}]
        self.assertEqual(find_gaps(rows)[0]["missing"], [{"from": 1, "to": 2}, {"from": 4, "to": 6}])
        self.assertEqual(find_gaps(rows[:1], window=True), [])


if __name__ == "__main__":
    unittest.main()
