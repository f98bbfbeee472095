"""Token buckets for documented request quotas, kept a little below them: 0.98 of the rate, 0.85 of the burst.

At exactly the documented rate one call in twelve is throttled, for calls do not arrive evenly (`bench/pacing.py`).
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_RATE_SHARE = 0.98
_BURST_SHARE = 0.85


@dataclass(frozen=True)
class Quota:
    """A request quota of one account and region."""

    rate: float
    """Requests a second."""
    burst: int
    source: str


QUOTAS: dict[str, Quota] = {
    "apigateway": Quota(10, 40, "API Gateway quotas: all management operations, 10/s with a burst of 40"),
    "apigateway:GetResources": Quota(2.5, 5, "API Gateway quotas: GetResources, 5 in 2 s (burst assumed)"),
    "iam": Quota(20, 40, "not published; chosen low"),
    "kms": Quota(100, 100, "KMS request quotas: ListKeyRotations 100/s is the lowest used"),
    "secretsmanager": Quota(50, 50, "Secrets Manager quotas: ListSecrets, not confirmed"),
    "logs": Quota(10, 10, "CloudWatch Logs quotas: DescribeLogGroups 10/s"),
    "logs:DescribeMetricFilters": Quota(5, 5, "CloudWatch Logs quotas: DescribeMetricFilters 5/s"),
    "logs:DescribeSubscriptionFilters": Quota(5, 5, "CloudWatch Logs quotas: DescribeSubscriptionFilters 5/s"),
    "firehose": Quota(5, 5, "Firehose quotas: DescribeDeliveryStream 5/s"),
    "lambda": Quota(15, 15, "Lambda quotas: control plane requests, 15/s together"),
    "wafv2": Quota(2, 5, "not published for GetWebACL; chosen low"),
    "cloudtrail": Quota(10, 10, "CloudTrail quotas: DescribeTrails, GetTrailStatus, GetEventSelectors, 10/s"),
    "cloudwatch": Quota(9, 9, "CloudWatch quotas: DescribeAlarms, 9/s"),
    "events": Quota(10, 20, "EventBridge quotas: other operations, 50/s by default; chosen low"),
    "sns": Quota(30, 30, "SNS quotas: ListSubscriptionsByTopic, GetTopicAttributes, 30/s"),
    "sts": Quota(10, 20, "not published; chosen low"),
    "acm": Quota(10, 10, "ACM quotas: DescribeCertificate 10/s (burst assumed)"),
    "acm:ListCertificates": Quota(1, 1, "ACM quotas: ListCertificates 1/s in an older table, 8/s later; the lower"),
    "elbv2": Quota(
        10, 40, "Elastic Load Balancing API throttling: 40 Describe calls in a second; the refill chosen low"
    ),
    "ec2": Quota(10, 20, "not published; chosen low"),
    "accessanalyzer": Quota(5, 10, "not published; chosen low"),
    "bedrock-agentcore-control": Quota(5, 5, "AgentCore quotas: gateway reads, not confirmed; chosen low"),
    "cognito-idp": Quota(
        15, 15, "Cognito quotas: UserPoolRead and UserPoolClientRead 15/s, the lowest of the categories used"
    ),
    "identitystore": Quota(10, 10, "not published; chosen low"),
    "organizations": Quota(2, 4, "Organizations throttling limits: differ by operation, not confirmed; chosen low"),
    "sso-admin": Quota(20, 20, "IAM Identity Center quotas: all operations together, 20/s (burst assumed)"),
}

_SHARED = {"apigatewayv2": "apigateway"}
"""Both API versions draw on one quota."""


class Bucket:
    """A token bucket: `take` returns the seconds to wait before the request may be sent. Thread safe."""

    def __init__(self, quota: Quota, clock: Callable[[], float]) -> None:
        """Start full."""
        self._rate = quota.rate * _RATE_SHARE
        self._capacity = max(1.0, quota.burst * _BURST_SHARE)
        self._clock = clock
        self._tokens = self._capacity
        self._at = clock()
        self._lock = threading.Lock()

    def take(self) -> float:
        """Reserve one request and return how long to wait for it."""
        with self._lock:
            self._refill()
            self._tokens -= 1
            return max(0.0, -self._tokens / self._rate)

    def slow_down(self) -> None:
        """Empty the bucket: AWS said that it was too fast all the same."""
        with self._lock:
            self._refill()
            self._tokens = min(self._tokens, 0.0)

    def _refill(self) -> None:
        at = self._clock()
        self._tokens = min(self._capacity, self._tokens + max(0.0, at - self._at) * self._rate)
        self._at = at


class Pacer:
    """The buckets of a collection, one for each (account, region, quota)."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Take the clock and the sleep, so that a test needs no time."""
        self._clock = clock
        self.sleep = sleep
        self._buckets: dict[tuple[str, str, str], Bucket] = {}
        self._lock = threading.Lock()

    def wait(self, account: str, region: str, quotas: Iterable[str]) -> None:
        """Wait until every quota named lets one more request through, the last named first.

        The operation's own quota comes before the one it shares: who waits for a slow bucket holds no place in the other.
        """
        for quota in reversed(tuple(quotas)):
            delay = self._bucket(account, region, quota).take()
            if delay > 0:
                self.sleep(delay)

    def throttled(self, account: str, region: str, quotas: Iterable[str]) -> None:
        """Slow down after a throttled answer."""
        for quota in quotas:
            self._bucket(account, region, quota).slow_down()

    def _bucket(self, account: str, region: str, quota: str) -> Bucket:
        key = (account, region, quota)
        with self._lock:
            if key not in self._buckets:
                self._buckets[key] = Bucket(QUOTAS[quota], self._clock)
            return self._buckets[key]


def quotas_of(service: str, limit: str) -> tuple[str, ...]:
    """Return the quotas that an operation draws on: its service's, and its own where it has one."""
    shared = _SHARED.get(service, service)
    return (shared, limit) if limit and limit != shared else (shared,)
