"""What runs code under a role that it was handed: services, and the actions by which that comes about.

Each action stands with the resources it is asked for (service authorization reference). None of it was tried on a live account.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.access.patterns import REST, literal

_REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_"


@dataclass(frozen=True, slots=True)
class Way:
    """Actions that together make a service run what the caller likes, under the role that it passes."""

    service: str
    """As a trust policy names it."""
    what: str
    """For people: `a new Lambda function`."""
    needs: tuple[tuple[str, str], ...]
    """Action, lower case, and the end of the resource's ARN behind the account; `%` any text."""
    source: str
    """Page that lists actions and resources."""

    def asked(self, place: tuple[str, str, str]) -> Iterator[tuple[str, str]]:
        """Yield each action with the family of its resources; `place`: partition, region and account."""
        partition, region, account = place
        for action, end in self.needs:
            service = action.partition(":")[0]
            owner = "" if end.startswith(("image/", "/")) else account
            head, separator, tail = end.partition("%")
            family = literal(f"arn:{partition}:{service}:{region}:{owner}:{head}")
            yield action, family + (REST if separator else "") + literal(tail)


def _ways(service: str, page: str, *ways: tuple[str, tuple[tuple[str, str], ...]]) -> tuple[Way, ...]:
    return tuple(Way(service, what, needs, f"{_REFERENCE}{page}.html") for what, needs in ways)


_FUNCTION = "function:%"
_EC2 = tuple(
    ("ec2:runinstances", end)
    for end in ("instance/%", "image/%", "network-interface/%", "security-group/%", "subnet/%", "volume/%")
)

WAYS: tuple[Way, ...] = (
    *_ways(
        "lambda.amazonaws.com",
        "awslambda",
        ("a new Lambda function", (("lambda:createfunction", _FUNCTION), ("lambda:invokefunction", _FUNCTION))),
        ("a new Lambda function", (("lambda:createfunction", _FUNCTION), ("lambda:addpermission", _FUNCTION))),
        (
            "a new Lambda function",
            (("lambda:createfunction", _FUNCTION), ("lambda:createeventsourcemapping", "event-source-mapping:%")),
        ),
        ("a Lambda function, with layers of its own", (("lambda:updatefunctionconfiguration", _FUNCTION),)),
    ),
    *_ways("ec2.amazonaws.com", "amazonec2", ("a new instance", _EC2)),
    *_ways(
        "cloudformation.amazonaws.com",
        "awscloudformation",
        ("a new stack", (("cloudformation:createstack", "stack/%"),)),
        ("a changed stack", (("cloudformation:updatestack", "stack/%"),)),
        (
            "a change set",
            (("cloudformation:createchangeset", "stack/%"), ("cloudformation:executechangeset", "stack/%")),
        ),
    ),
    *_ways(
        "ecs-tasks.amazonaws.com",
        "amazonelasticcontainerservice",
        ("a new task", (("ecs:registertaskdefinition", "task-definition/%"), ("ecs:runtask", "task-definition/%"))),
        (
            "a new ECS service",
            (("ecs:registertaskdefinition", "task-definition/%"), ("ecs:createservice", "service/%")),
        ),
    ),
    *_ways(
        "glue.amazonaws.com",
        "awsglue",
        ("a new Glue job", (("glue:createjob", "job/%"), ("glue:startjobrun", "job/%"))),
        ("a changed Glue job", (("glue:updatejob", "job/%"), ("glue:startjobrun", "job/%"))),
        ("a Glue endpoint", (("glue:createdevendpoint", "devEndpoint/%"),)),
        ("a Glue session", (("glue:createsession", "session/%"), ("glue:runstatement", "session/%"))),
    ),
    *_ways(
        "states.amazonaws.com",
        "awsstepfunctions",
        (
            "a new state machine",
            (("states:createstatemachine", "stateMachine:%"), ("states:startexecution", "stateMachine:%")),
        ),
        (
            "a changed state machine",
            (("states:updatestatemachine", "stateMachine:%"), ("states:startexecution", "stateMachine:%")),
        ),
    ),
    *_ways(
        "codebuild.amazonaws.com",
        "awscodebuild",
        ("a new build", (("codebuild:createproject", "project/%"), ("codebuild:startbuild", "project/%"))),
        ("a changed build", (("codebuild:updateproject", "project/%"), ("codebuild:startbuild", "project/%"))),
    ),
    *_ways(
        "sagemaker.amazonaws.com",
        "amazonsagemaker",
        (
            "a new notebook",
            (
                ("sagemaker:createnotebookinstance", "notebook-instance/%"),
                ("sagemaker:createpresignednotebookinstanceurl", "notebook-instance/%"),
            ),
        ),
        ("a training job", (("sagemaker:createtrainingjob", "training-job/%"),)),
        ("a processing job", (("sagemaker:createprocessingjob", "processing-job/%"),)),
    ),
    *_ways(
        "scheduler.amazonaws.com",
        "amazoneventbridgescheduler",
        ("a new schedule", (("scheduler:createschedule", "schedule/%"),)),
    ),
    *_ways(
        "apigateway.amazonaws.com",
        "amazonapigatewaymanagement",
        ("an integration of an API", (("apigateway:put", "/restapis/%"),)),
    ),
)
"""In the order in which a path names them."""

PROFILE = (("iam:createinstanceprofile", "instance-profile/%"), ("iam:addroletoinstanceprofile", "instance-profile/%"))
"""What a role needs before an instance can have it, where it stands in no instance profile."""
ACTIONS = frozenset(action for way in WAYS for action, _ in way.needs) | {action for action, _ in PROFILE}
