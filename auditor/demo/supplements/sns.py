"""Topics: subscriptions that nobody has confirmed yet; moto confirms all of them by itself."""

import re

from auditor.demo.supplements.state import Answer, Handlers, Passed, State
from auditor.demo.wire import Request

_MEMBER = re.compile(rb"<member>.*?</member>", re.DOTALL)
_ARN = re.compile(rb"<SubscriptionArn>[^<]*</SubscriptionArn>")


def _subscriptions(state: State, _request: Request, passed: Passed) -> Answer:
    status, body = passed()

    def pending(match: re.Match[bytes]) -> bytes:
        member = match.group(0)
        if not any(f"<Endpoint>{each}</Endpoint>".encode() in member for each in state.unconfirmed):
            return member
        return _ARN.sub(b"<SubscriptionArn>PendingConfirmation</SubscriptionArn>", member)

    return status, _MEMBER.sub(pending, body)


HANDLERS: Handlers = {"sns:ListSubscriptionsByTopic": _subscriptions}
