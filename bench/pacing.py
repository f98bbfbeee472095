"""Wall time of a collection against the floor that API Gateway's documented rates set, and the share of throttled answers.

A front keeps the quotas as AWS documents them (10 requests a second with a burst of 40 for all management operations of an account and
region, 5 GetResources in 2 seconds) and throttles what is above. The floor: how long the calls made must take at those rates.
"""

import os
import sys
import time
from collections import Counter
from typing import Any

from auditor.collect.pacing import Pacer
from auditor.collect.run import Collected, Hooks, collect
from auditor.collect.settings import CollectSettings
from auditor.demo.faults import Fault, refusal
from auditor.demo.front import Answered, Front
from auditor.demo.wire import Request
from auditor.store.canonical import sha256
from tests.collecting import ENVIRONMENT, REGION
from tests.sized import Sized
from tests.sized_answers import Size

ALL, RESOURCES = (10.0, 40.0), (2.5, 5.0)
"""Requests a second, and burst."""
LATENCY = float(os.environ.get("LATENCY", "0.05"))
"""Seconds that an answer takes on its way."""


class Limit:
    """A token bucket as AWS keeps it."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._tokens, self._at = burst, time.monotonic()

    def allows(self) -> bool:
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Limited(Sized):
    """An account of some size behind the documented rates."""

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self._all, self._resources = Limit(*ALL), Limit(*RESOURCES)
        self.answered: Counter[str] = Counter()
        self.throttled = 0

    def answer(self, environ: dict[str, Any], request: Request) -> Answered:
        if request.service.startswith("apigateway"):
            is_slow = request.id == "apigateway:GetResources"
            if not self._all.allows() or (is_slow and not self._resources.allows()):
                self.throttled += 1
                return refusal(request, Fault.THROTTLE)
            self.answered["resources" if is_slow else "other"] += 1
        return super().answer(environ, request)


class Slow(Front):
    """Answers after a while, as a network does, many at a time."""

    def _serve(self, environ: dict[str, Any], start: Any) -> Any:
        time.sleep(LATENCY)
        return super()._serve(environ, start)


def floor(answered: Counter[str]) -> tuple[float, float]:
    """Return the seconds that all calls, and those of GetResources alone, must take."""
    made = sum(answered.values())
    return max(0.0, (made - ALL[1]) / ALL[0]), max(0.0, (answered["resources"] - RESOURCES[1]) / RESOURCES[0])


def measure(size: Size) -> None:
    """Collect once and print what it took."""
    backend = Limited(size)
    with Slow(backend) as front:
        os.environ.update({**ENVIRONMENT, "AWS_ENDPOINT_URL": front.endpoint})
        bodies: dict[str, bytes] = {}

        def keep(content: bytes) -> str:
            return bodies.setdefault(sha256(content), content) and sha256(content)

        began = time.monotonic()
        read: Collected = collect(
            CollectSettings(redaction_key=b"k", regions=(REGION,)),
            Hooks(keep, lambda _text: None, lambda _unit: None, pacer=Pacer()),
        )
        wall = time.monotonic() - began
    every, slow = floor(backend.answered)
    made = sum(backend.answered.values()) + backend.throttled
    least = max(every, slow)
    print(
        f"{size.rest_apis} REST APIs, {size.http_apis} HTTP APIs: {made} calls to API Gateway "
        f"({backend.answered['resources']} GetResources), {sum(read.calls.values())} in all"
    )
    print(f"  floor {least:.1f} s (all operations {every:.1f} s, GetResources {slow:.1f} s), wall {wall:.1f} s")
    print(f"  ratio to the floor: {wall / least:.3f}; throttled: {backend.throttled} ({backend.throttled / made:.2%})")


def main() -> None:
    """Measure forty REST APIs, or as many as are asked for."""
    apis = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    measure(Size(rest_apis=apis, resources=10, methods=2))


if __name__ == "__main__":
    main()
