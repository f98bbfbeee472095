"""API keys, and the usage plans that give them limits.

Member names follow botocore 1.44.5 (`apigateway`), in snake case. ARNs are those of `product.md` section 7.
"""

from datetime import datetime
from typing import ClassVar, Literal

from auditor.model.base import Frozen
from auditor.model.fact import Fact
from auditor.model.resource import Resource


class MethodThrottle(Frozen):
    """A limit of one method within a usage plan."""

    api_id: str
    stage: str
    method: str
    """As AWS writes it: `/orders/GET`."""
    rate: str | None
    """Requests a second as decimal text."""
    burst: int | None


class UsagePlanStage(Frozen):
    """An API stage that a plan covers."""

    api_id: str
    stage: str


class UsagePlan(Resource):
    """apigateway:GetUsagePlans item with its keys."""

    cloudformation: ClassVar[str] = "AWS::ApiGateway::UsagePlan"
    whole_list: ClassVar[str] = "arn:{partition}:apigateway:{region}::/usageplans"
    kind: Literal["UsagePlan"] = "UsagePlan"
    api_stages: Fact[tuple[UsagePlanStage, ...]]
    key_ids: Fact[tuple[str, ...]]
    throttle_rate: Fact[str]
    """Requests a second as decimal text; Absent: the plan does not throttle."""
    throttle_burst: Fact[int]
    quota_limit: Fact[int]
    """Requests a period; Absent: the plan has no quota."""
    quota_period: Fact[str]
    """DAY, WEEK, MONTH."""
    quota_offset: Fact[int]
    method_throttles: Fact[tuple[MethodThrottle, ...]]


class ApiKey(Resource):
    """apigateway:GetApiKeys(includeValues=false) item; the value is never read.

    Use moves by itself, so apigateway:GetUsage stands in the observation beside the key, as `usage`: by the id of each plan that
    told something of the key, the days asked for (`startDate`, `endDate`), how many of them AWS told of (`days`), the calls
    counted (`used`), and `lastUsedDay`. That day is not there where nothing was counted, nor where AWS told of more or fewer
    days than were asked for: then nobody knows which day is which. What plans that are not in it counted is not known.
    `usage_read` says whether anybody may look; see AccessKey.
    """

    cloudformation: ClassVar[str] = "AWS::ApiGateway::ApiKey"
    whole_list: ClassVar[str] = "arn:{partition}:apigateway:{region}::/apikeys"
    kind: Literal["ApiKey"] = "ApiKey"
    key_id: str
    enabled: Fact[bool]
    created: Fact[datetime]
    customer_id: Fact[str]
    stage_keys: Fact[tuple[str, ...]]
    """`API/STAGE`, of keys that are older than usage plans."""
    usage_read: Fact[bool]
    """Present(true): every plan that has the key was asked. NotApplicable: no plan has it, and AWS counts no use of it."""
