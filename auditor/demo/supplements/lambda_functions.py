"""Functions: their URLs as a list, which moto lacks."""

import json
from typing import Any

from moto.awslambda.models import lambda_backends

from auditor.demo.supplements.state import Answer, Handlers, Passed, State
from auditor.demo.wire import Request


def _urls(_state: State, request: Request, _passed: Passed) -> Answer:
    name = request.path["FunctionName"]
    known: Any = lambda_backends[request.account][request.region].list_functions()
    function = next((each for each in known if each.function_name == name), None)
    if function is None:
        # Functions that the company's routes name without having one here: as if they had no URL.
        return 404, json.dumps({"Type": "User", "Message": "Function not found", "__type": _GONE}).encode()
    url = function.url_config
    return 200, json.dumps({"FunctionUrlConfigs": [] if url is None else [url.to_dict()]}).encode()


_GONE = "ResourceNotFoundException"

HANDLERS: Handlers = {"lambda:ListFunctionUrlConfigs": _urls}
