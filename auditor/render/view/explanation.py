"""The answer about one call, read aloud."""

import json

from auditor.dataflow.explain.answer import STEPS, lowered
from auditor.model.explanation import Decision, Explanation

_HEAD = {Decision.ALLOWED: "Let through", Decision.REFUSED: "Refused", Decision.UNKNOWN: "Not known"}


def sentences(found: Explanation) -> str:
    """Return the answer in sentences, then what else there is to know, a line each."""
    where = (
        "" if found.step is None else f" at step {found.step} ({STEPS[found.step]})" if found.step else " (no route)"
    )
    if found.step == 0 and found.decision is not Decision.REFUSED:
        where = f" ({STEPS[0]})"
    lines = [f"{_HEAD[found.decision]}{where}: {lowered(found.because)}.{_seen(found)}"]
    if found.route is not None:
        lines.append(f"Route {found.route}.")
    lines += [f"  {each}" for each in found.also]
    lines += [f"  From {each}" for each in found.evidence]
    return "\n".join(lines)


def _seen(found: Explanation) -> str:
    if found.decision is not Decision.REFUSED or found.status is None:
        return ""
    message = {"message": found.message}
    body = "" if found.message is None else f" {json.dumps(message, ensure_ascii=False, separators=(',', ':'))}"
    kind = f" ({found.gateway_response})" if found.gateway_response else ""
    return f" You would see {found.status}{body}{kind}."
