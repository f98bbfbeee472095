"""Organizations refuses a member account what it tells the management account alone; moto tells everybody."""

from moto.organizations.models import organizations_backends

from auditor.demo.supplements.state import Answer, Handlers, Passed, State
from auditor.demo.wire import Request

_REFUSED = b'{"__type": "AccessDeniedException", "Message": "You don\'t have permissions to access this resource."}'


def _for_management(_state: State, request: Request, _passed: Passed) -> Answer:
    return (400, _REFUSED) if request.account in organizations_backends.master_accounts else None


HANDLERS: Handlers = {
    f"organizations:{operation}": _for_management
    for operation in (
        "ListAccounts",
        "ListAccountsForParent",
        "ListDelegatedAdministrators",
        "ListOrganizationalUnitsForParent",
        "ListPolicies",
        "ListRoots",
        "ListTargetsForPolicy",
        "DescribePolicy",
    )
}
