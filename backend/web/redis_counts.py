"""Counts of all processes together, in Redis."""

import redis

from backend.web.limits import WINDOW_SECONDS, CountsUnreachable

_TIMEOUT_SECONDS = 0.5


class RedisCounts:
    """Safe to share between threads. Raises CountsUnreachable."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS
        )

    def hit(self, key: str, window: int) -> int:
        name = f"linshitong:limit:{window}:{key}"
        try:
            with self._client.pipeline(transaction=False) as pipeline:
                pipeline.incr(name)
                pipeline.expire(name, 2 * WINDOW_SECONDS)
                return int(pipeline.execute()[0])
        except redis.RedisError as error:
            raise CountsUnreachable(type(error).__name__) from error
