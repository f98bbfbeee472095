"""VPC endpoints of API Gateway, with the members that moto leaves out."""

from auditor.demo.supplements.state import Answer, Handlers, Passed, State
from auditor.demo.wire import Request
from auditor.demo.writing import answer


def _endpoints(state: State, request: Request, _passed: Passed) -> Answer:
    return 200, answer(request, {"VpcEndpoints": state.vpc_endpoints.get((request.account, request.region), [])})


HANDLERS: Handlers = {"ec2:DescribeVpcEndpoints": _endpoints}
