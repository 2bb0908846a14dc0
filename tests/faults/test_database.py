"""PostgreSQL goes away and comes back: residents get a clean "busy" meanwhile, and no process
needs to be started again."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import requests

from backend.kernel import embedded
from tests.callers import Answer, Caller
from tests.faults import promises
from tests.faults.crowd import LAMP, Crowd
from tests.running import Running, eventually, run

POOL_SIZE = 4
POOL_TIMEOUT_SECONDS = 3
READY_WITHIN_SECONDS = 30.0


class Server:
    """A PostgreSQL server of these tests' own, that can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self._server: Any = embedded.start(folder)
        self.url: str = self._server.get_uri()

    def stop(self) -> None:
        """As an operator does: every connection is ended."""
        self._server.stop()

    def crash(self) -> None:
        """As when the machine dies: nothing is written down any more."""
        postmaster = psutil.Process(self._server.get_pid())
        everyone = [postmaster, *postmaster.children()]
        for process in everyone:
            process.kill()
        psutil.wait_procs(everyone, 10)

    def start(self) -> None:
        self._server.start()
        assert self._server.get_uri() == self.url

    def end(self) -> None:
        self._server.stop()
        # Or it would try once more when this process ends.
        self._server.cleanup_mode = None


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="linshitong-test-"))
    folder.chmod(0o755)
    started = Server(folder / "postgresql")
    yield started
    started.end()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def running(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The product with a pool that is soon used up."""
    settings = {
        "database_pool_size": str(POOL_SIZE),
        "database_pool_timeout_seconds": str(POOL_TIMEOUT_SECONDS),
        "worker_threads": "2",
    }
    with run(server.url, tmp_path_factory.mktemp("running"), **settings) as product:
        yield product


@pytest.fixture
def resident(running: Running) -> Caller:
    return running.caller("lixiuying")


@pytest.fixture(autouse=True)
def same_processes(running: Running) -> Iterator[None]:
    """No process ended, or was started again by the one above it."""

    def pids() -> list[int]:
        return [child.pid for child in psutil.Process(running.serve.pid).children()]

    before = pids()
    yield
    assert running.serve.alive() and running.worker.alive()
    assert pids() == before


def end_connections(running: Running) -> int:
    """End every connection of the product; how many there were."""
    return len(
        running.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    )


def busy_or(status: int, answer: Answer) -> bool:
    """Whether it has the status; otherwise it must be a clean "busy"."""
    if answer.status == status:
        return True
    assert answer.expect(503)["code"] == "busy"
    assert int(answer.headers["Retry-After"]) >= 1
    return False


def still_works(running: Running, resident: Caller) -> None:
    """A request can be submitted, and the worker tells of it."""
    request = resident.post("/api/requests", LAMP).expect(201)
    eventually(
        lambda: running.rows("SELECT 1 FROM notices WHERE subject_id = %s", request["id"]),
        "the worker to tell of a request",
    )


def test_ended_idle_connections_are_noticed_by_nobody(running: Running, resident: Caller) -> None:
    for _ in range(5):
        assert end_connections(running)
        answers = [resident.get("/api/requests") for _ in range(6)]
        answered = [busy_or(200, answer) for answer in answers]
        assert answered.count(False) <= 1
        assert all(answered[1:])
    still_works(running, resident)


def test_connections_ended_in_the_middle_lose_nothing(running: Running, resident: Caller) -> None:
    crowd = Crowd(running, 60)
    promises.allow_messages(running, len(crowd.intentions) + 1)
    wait = crowd.start(90)
    ended = 0
    for attempts in range(5, 60, 6):
        eventually(lambda at=attempts: crowd.reached(at), f"{attempts} attempts")
        ended += end_connections(running)
    wait()
    assert ended
    assert sum(intention.lost for intention in crowd.intentions) == 0, "all were answered"
    still_works(running, resident)
    # What a worker had begun when its connection ended is done when the lease has run out.
    assert running.worker.stop() == 0
    promises.forget_the_dead(running)
    running.worker.restart()
    promises.drained(running)
    promises.check_requests(running, crowd)
    promises.check_inboxes(running, crowd)
    promises.check_messages(running, crowd)


@pytest.mark.parametrize("goes", [Server.stop, Server.crash])
def test_a_server_that_comes_back(
    running: Running, server: Server, resident: Caller, goes: Callable[[Server], None]
) -> None:
    receipt = resident.post("/api/requests", LAMP).expect(201)
    goes(server)
    ready = requests.get(f"{running.url}/readyz", timeout=READY_WITHIN_SECONDS)
    assert ready.status_code == 503
    assert ready.json()["checks"]["database"] == "failed"
    assert requests.get(f"{running.url}/healthz", timeout=10).status_code == 200
    key = "while-it-is-away-" + receipt["id"]
    for _ in range(3):
        assert not busy_or(200, resident.get("/api/requests"))
        assert not busy_or(201, resident.post("/api/requests", LAMP, key))
    # In the language of the caller, whose setting cannot be read now.
    assert "稍后" in resident.get("/api/requests").json["detail"]

    server.start()
    eventually(
        lambda: requests.get(f"{running.url}/readyz", timeout=READY_WITHIN_SECONDS).ok,
        "the product to be ready",
        READY_WITHIN_SECONDS,
    )
    assert resident.get(f"/api/requests/{receipt['id']}").expect(200)["number"] == receipt["number"]
    again = resident.post("/api/requests", LAMP, key).expect(201)
    assert resident.post("/api/requests", LAMP, key).expect(201) == again
    still_works(running, resident)


class Blockade:
    """Holds a lock every reader of requests waits for."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._connection = psycopg.connect(running.database_url)
        self._connection.execute("LOCK TABLE service_requests IN ACCESS EXCLUSIVE MODE")

    def waiting(self) -> int:
        """Connections that wait for the lock."""
        ((count,),) = self._running.rows(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND query LIKE '%service_requests%'"
        )
        return int(count)

    def end(self) -> None:
        self._connection.close()


def ask_together(resident: Caller, times: int) -> Callable[[], list[Answer]]:
    """Ask so many times at once; call what is returned for the answers."""
    pool = ThreadPoolExecutor(times)
    asked = [pool.submit(resident.get, "/api/requests") for _ in range(times)]
    pool.shutdown(wait=False)
    return lambda: [one.result() for one in asked]


def test_more_requests_than_connections_wait_for_one(running: Running, resident: Caller) -> None:
    promises.drained(running)
    blockade = Blockade(running)
    answers = ask_together(resident, POOL_SIZE * 3)
    eventually(lambda: blockade.waiting() == POOL_SIZE, "the pool to be used up")
    blockade.end()
    assert [answer.status for answer in answers()] == [200] * POOL_SIZE * 3


def test_who_waits_too_long_for_a_connection_is_told_to_come_again(
    running: Running, resident: Caller
) -> None:
    promises.drained(running)
    blockade = Blockade(running)
    started = time.monotonic()
    answers = ask_together(resident, POOL_SIZE * 3)
    eventually(lambda: blockade.waiting() == POOL_SIZE, "the pool to be used up")
    # What needs no connection is still there.
    assert requests.get(f"{running.url}/healthz", timeout=2).status_code == 200
    found = answers()
    assert not any(busy_or(200, answer) for answer in found)
    assert time.monotonic() - started < 30
    blockade.end()
    assert resident.get("/api/requests").status == 200
    still_works(running, resident)
