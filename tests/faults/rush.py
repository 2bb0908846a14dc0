"""``python -m tests.faults.rush URL``: a process with many clients that all ask at one moment.

Each line it reads is a list of ``[token, method, path, body]``; after the line it waits for the
moment in the next, a time since the epoch, then sends all at once, each from a thread of its own,
and writes one line: ``[[status, code], …]`` in the same order. ``code`` is the refusal's.
"""

import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import requests

TIMEOUT_SECONDS = 60


def ask(session: requests.Session, url: str, start: threading.Event, what: Any) -> list[Any]:
    token, method, path, body = what
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
    start.wait()
    answer = session.request(
        method, url + path, json=body, headers=headers, timeout=TIMEOUT_SECONDS
    )
    return [answer.status_code, None if answer.ok else answer.json().get("code")]


def main(url: str) -> None:
    for line in sys.stdin:
        wanted = json.loads(line)
        start = threading.Event()
        with ThreadPoolExecutor(len(wanted)) as pool:
            asked = [pool.submit(ask, requests.Session(), url, start, what) for what in wanted]
            moment = float(sys.stdin.readline())
            time.sleep(max(0.0, moment - time.time()))
            start.set()
            answers = [one.result() for one in asked]
        sys.stdout.write(json.dumps(answers) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
