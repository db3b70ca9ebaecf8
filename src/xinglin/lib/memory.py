"""What one process of many looked up a moment ago, so that a crowd who ask the same ask the database once."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")
MOST = 5000


class Memory(Generic[Key, Value]):
    """What one process looked up a moment ago; while one thread looks again, the others answer what was there."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.found, self.looking = seconds, dict[Key, tuple[float, Value]](), Lock()

    def get(self, key: Key, look: Callable[[], Value], *, fresh: bool = False) -> Value:
        """Return what was found for a key, looking again when it is too old."""
        there = self.found.get(key)
        if there and not fresh and time.monotonic() - there[0] < self.seconds:
            return there[1]
        if there and not fresh and not self.looking.acquire(blocking=False):
            return there[1]
        mine = bool(there) and not fresh
        try:
            value = look()
            self.put(key, value)
            return value
        finally:
            if mine:
                self.looking.release()

    def put(self, key: Key, value: Value) -> None:
        """Remember something."""
        if len(self.found) > MOST:
            self.found = {}
        self.found[key] = (time.monotonic(), value)

    def recent(self, key: Key) -> Value | None:
        """Return what was found for a key if it is not too old."""
        there = self.found.get(key)
        return there[1] if there and time.monotonic() - there[0] < self.seconds else None
