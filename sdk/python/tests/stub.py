"""A server that is not well, and what tests against it share."""

import json
import os
import tempfile
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from affidavit import Affidavit, AffidavitError


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


class StubTest(unittest.TestCase):
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
