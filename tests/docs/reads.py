"""docs/reads.md: what is asked of AWS, and what is redacted, from what the collectors and the redactor declare."""

from collections.abc import Iterator

from auditor.collect.interface import Collector, Operation, Reach
from auditor.collect.pacing import QUOTAS, quotas_of
from auditor.collect.redact import _KEY_VALUES, _SECRET_MAPS, _SECRET_MEMBERS
from auditor.collect.registry import collectors
from auditor.collect.scope import DESCRIBE_REGIONS
from auditor.collect.session import _VALUES, READ_VERBS, READS_BESIDE
from auditor.collect.shapes import NAMED
from auditor.model.kinds import KINDS

_REACH = {Reach.GLOBAL: "account", Reach.REGIONAL: "account and region"}
_HEAD = """\
# What is read, and what is redacted

<!-- Generated from the collectors' declarations: python -m tests.docs. Do not edit. -->

Everything that `auditor` may ask of AWS stands on this page, and nothing else can be sent: every client refuses, before
signing, an operation whose name does not begin with {verbs}. Beside those it may call {beside}, which change no
configuration. Refused although they are reads, because they would return secret values: {values}.

`auditor permissions` prints the IAM policy of exactly these operations. Each list is read page by page to its end;
"called once per" leaves further pages and retries apart. IAM resources are shown with `*` for what is not known before.

## Who and where

| operation | IAM action | on | called once per |
|---|---|---|---|
| sts:AssumeRole | sts:AssumeRole, of whoever runs `auditor` | the role named | account with a role |
| sts:GetCallerIdentity | sts:GetCallerIdentity | `*` | account |
| {regions} | {regions_action} | `*` | account, where no region is named |
"""
_REDACTED = """\
## What is redacted

Before an answer's first write, these are replaced by `redacted:KEYID:DIGEST`: a digest under a key that stands outside the
store, so that a diff still sees a change and nobody reads the value. Each page lists which of its members were replaced.

**Members of these names, in any answer** (upper and lower case alike): {members}.

**Every value of maps of these names:** {maps}. A stage variable alone keeps its value where both its name and its shape say
that it is a target and no secret: a host or a URL without user, query and fragment, a function's name or ARN, an alias, a version, an
environment, a region, a VPC link, under a name that says so and holds no word such as key, token, secret or auth. In doubt it goes.

**The member `value` of items** in the answers of {keys}: the API key itself.

**Mapped request parameters** of integrations whose name holds authorization, api-key, token, secret, passw or credential,
where the value is a literal and no reference.

**Anything of the shape of a credential, in any text of any answer**, names of members, tags and descriptions included:

{shapes}

What looks like prose is kept: do not put secrets into names, descriptions or tags.
"""


def pages() -> Iterator[tuple[str, str]]:
    """Yield the path and the text of the page."""
    head = _HEAD.format(
        verbs=_or(READ_VERBS),
        beside=_and(READS_BESIDE),
        values=_and(_VALUES),
        regions=DESCRIBE_REGIONS.id,
        regions_action=DESCRIBE_REGIONS.action,
    )
    redacted = _REDACTED.format(
        members=_and(_SECRET_MEMBERS),
        maps=_and(_SECRET_MAPS),
        keys=_and(_KEY_VALUES),
        shapes="\n".join(f"- {name}" for name, _ in NAMED),
    )
    yield "docs/reads.md", "\n".join([head, *(_service(each) for each in collectors()), redacted])


def _service(collector: Collector) -> str:
    rows = [_row(collector, each) for each in sorted(collector.operations, key=lambda each: each.id)]
    table = ["| operation | IAM action | on | called once per |", "|---|---|---|---|", *rows]
    return "\n".join([f"## {collector.service}", "", *table, "", *_pace(collector), ""])


def _row(collector: Collector, operation: Operation) -> str:
    per = " and ".join(_kind(each) for each in operation.per) or _REACH[collector.reach]
    return f"| {operation.id} | {operation.action} | `{_anywhere(operation.resource)}` | {per} |"


def _pace(collector: Collector) -> Iterator[str]:
    """Yield how fast the service is asked: below its documented rate."""
    names = sorted({name for each in collector.operations for name in quotas_of(each.service, each.limit)})
    for name in names:
        quota = QUOTAS[name]
        yield f"Paced below {quota.rate:g} requests a second, account and region ({quota.source})."


def _kind(name: str) -> str:
    return KINDS[name].__name__ if name in KINDS else name


def _anywhere(template: str) -> str:
    place = {"partition": "aws", "region": "*", "account": "*"}
    return template.format_map(_Anything(place))


class _Anything(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def _and(names: object) -> str:
    return ", ".join(f"`{each}`" for each in sorted(names))  # type: ignore[call-overload]  # any collection of texts


def _or(names: tuple[str, ...]) -> str:
    return f"{', '.join(f'`{each}`' for each in names[:-1])} or `{names[-1]}`"
