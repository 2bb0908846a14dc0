"""Several people, or workers, at the same moment."""

import threading
from collections.abc import Callable

from backend.kernel.db import connection


def at_once(*attempts: Callable[[], None]) -> list[BaseException | None]:
    """Run all in threads of their own, each once all have begun; what each came to."""
    start = threading.Barrier(len(attempts), timeout=10)
    came_to: list[BaseException | None] = [None] * len(attempts)

    def run(index: int, attempt: Callable[[], None]) -> None:
        with connection():
            start.wait()
            try:
                attempt()
            except Exception as error:
                came_to[index] = error

    threads = [threading.Thread(target=run, args=item) for item in enumerate(attempts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came_to
