"""What collectors of one account and region tell each other: names that one service's answers hold and another is asked about."""

import threading
from collections.abc import Iterable, Iterator


class Notes:
    """Values by topic, in the order in which they were noted, each once. Thread safe."""

    def __init__(self) -> None:
        """Start empty, with no service at work."""
        self._values: dict[str, dict[str, None]] = {}
        self._at_work: set[str] = set()
        self._changed = threading.Condition()

    def begin(self, services: Iterable[str]) -> None:
        """Say which services may note something from now on, each until it ends."""
        with self._changed:
            self._at_work |= set(services)

    def end(self, service: str) -> None:
        """Say that a service notes nothing any more."""
        with self._changed:
            self._at_work.discard(service)
            self._changed.notify_all()

    def remember(self, topic: str, value: str) -> None:
        """Note a value."""
        with self._changed:
            self._values.setdefault(topic, {})[value] = None
            self._changed.notify_all()

    def recall(self, topic: str) -> tuple[str, ...]:
        """Return what was noted so far, sorted."""
        with self._changed:
            return tuple(sorted(self._values.get(topic, ())))

    def follow(self, topics: tuple[str, ...], services: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield each topic and value as it is noted, until all of the services have ended."""
        told: set[tuple[str, str]] = set()
        waited = frozenset(services)
        while True:
            with self._changed:
                fresh = self._since(topics, told)
                while not fresh and waited & self._at_work:
                    self._changed.wait()
                    fresh = self._since(topics, told)
            if not fresh:
                return
            told.update(fresh)
            yield from fresh

    def _since(self, topics: tuple[str, ...], told: set[tuple[str, str]]) -> list[tuple[str, str]]:
        return [
            (topic, value) for topic in topics for value in self._values.get(topic, ()) if (topic, value) not in told
        ]
