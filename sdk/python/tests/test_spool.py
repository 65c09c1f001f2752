"""The spool against a server that is not well, and against other processes."""

import json
import os
import threading
import time
import unittest
from datetime import datetime, timezone
from unittest import mock

from affidavit import Affidavit, _spooling
from stub import StubTest, call, problem, receipts_for


class SpoolTest(StubTest):
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

    def test_a_folder_lost_during_a_long_pause_is_written_no_more(self):
        folder = self.spool()
        lock = os.path.join(folder, "lock")
        client = Affidavit(url="http://127.0.0.1:1", api_key="k", spool_folder=folder, on_report=lambda _: None)
        self.addCleanup(client.close)
        client.record(call())
        with open(lock, encoding="utf-8") as file:
            other = json.dumps({**json.load(file), "token": "another's"})
        with open(lock, "w", encoding="utf-8") as file:
            file.write(other)
        self.assert_raises_code("spool_locked", lambda: client.record(call()))
        with open(lock, encoding="utf-8") as file:
            self.assertEqual(file.read(), other)
        os.unlink(lock)
        self.assertEqual(client.record(call())[0]["status"], "spooled")
        client.close()
        self.assertFalse(os.path.exists(lock))

    def test_a_folder_is_not_freed_under_a_thread_that_works(self):
        folder = self.spool()
        begun, go_on = threading.Event(), threading.Event()

        def busy(_):
            begun.set()
            go_on.wait(30)

        client = Affidavit(url="http://127.0.0.1:1", api_key="k", spool_folder=folder, on_report=busy)
        client.record(call())
        self.assertTrue(begun.wait(30))
        with mock.patch.object(_spooling, "_CLOSE_SECONDS", 0.05):
            client.close()
        self.assertTrue(os.path.exists(os.path.join(folder, "lock")))
        go_on.set()
        self.wait_for(lambda: not os.path.exists(os.path.join(folder, "lock")))

    def test_may_be_closed_by_its_own_report(self):
        folder = self.spool()
        client = Affidavit(
            url="http://127.0.0.1:1", api_key="k", spool_folder=folder, on_report=lambda _: client.close()
        )
        client.record(call())
        self.wait_for(lambda: not os.path.exists(os.path.join(folder, "lock")))


if __name__ == "__main__":
    unittest.main()
