"""The role that reads an account, ready to be made: as a CloudFormation template, and as Terraform configuration."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from auditor.collect.interface import Collector
from auditor.collect.permissions import Policy, Statement, policies

ROLE_NAME = "auditor-read"
_WHAT = "Read-only role for auditor: evidence of API Gateway, IAM and key rotation. It may change nothing."
_TRUSTED = "ARN of the user or role that runs auditor and may assume this role. It must exist."
_EXTERNAL = "External id that auditor must give (--external-id). Empty: none is asked for."

_CLOUDFORMATION_HEAD = """\
# The role that auditor reads an account with. Made by: auditor permissions --format cloudformation
#
# One account:
#   aws cloudformation deploy --template-file auditor-role.yaml --stack-name auditor-read \\
#     --capabilities CAPABILITY_NAMED_IAM --parameter-overrides TrustedPrincipalArn=ARN ExternalId=ID
# An organization: a StackSet of this template with service-managed permissions and automatic deployment puts the same
# role into every account, new ones too. StackSets leave the management account out: deploy it there as a stack.
"""
_TERRAFORM_HEAD = """\
# The role that auditor reads an account with. Made by: auditor permissions --format terraform
#
# An organization: apply it once in each account (one provider alias each), or use the CloudFormation template as a
# StackSet, which reaches new accounts by itself.
"""


def cloudformation(collectors: Iterable[Collector]) -> str:
    """Return the template as YAML: the role, its trust, and as many managed policies as IAM's size limit asks for."""
    parts = policies(collectors, "${AWS::Partition}")
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": _WHAT,
        "Parameters": {
            "TrustedPrincipalArn": {"Type": "String", "Description": _TRUSTED, "AllowedPattern": "^arn:.+"},
            "ExternalId": {"Type": "String", "Default": "", "Description": _EXTERNAL},
            "RoleName": {"Type": "String", "Default": ROLE_NAME},
        },
        "Conditions": {"AsksExternalId": {"Fn::Not": [{"Fn::Equals": [{"Ref": "ExternalId"}, ""]}]}},
        "Resources": {
            "Role": _role(),
            **{f"ReadPolicy{number}": _managed(number, part) for number, part in enumerate(parts, start=1)},
        },
        "Outputs": {"RoleArn": {"Description": "For --role-arn", "Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }
    written: str = yaml.safe_dump(template, sort_keys=False, width=110, allow_unicode=True)
    return _CLOUDFORMATION_HEAD + written


def _role() -> dict[str, Any]:
    asked = {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": {"Ref": "TrustedPrincipalArn"}},
        "Action": "sts:AssumeRole",
        "Condition": {"Fn::If": ["AsksExternalId", asked, {"Ref": "AWS::NoValue"}]},
    }
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": {"Ref": "RoleName"},
            "Description": _WHAT,
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        },
    }


def _managed(number: int, part: Policy) -> dict[str, Any]:
    statements = [{**each, "Resource": [_substituted(arn) for arn in each["Resource"]]} for each in part["Statement"]]
    return {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {
            "Description": f"What auditor reads, part {number}",
            "PolicyDocument": {**part, "Statement": statements},
            "Roles": [{"Ref": "Role"}],
        },
    }


def _substituted(arn: str) -> str | dict[str, str]:
    return {"Fn::Sub": arn} if "${" in arn else arn


def terraform(collectors: Iterable[Collector]) -> str:
    """Return the same as Terraform configuration, formatted as `terraform fmt` does."""
    parts = policies(collectors, "${data.aws_partition.current.partition}")
    blocks = [_TERRAFORM_HEAD, _TERRAFORM_ROLE]
    blocks += [_terraform_part(number, part) for number, part in enumerate(parts, start=1)]
    blocks.append('output "role_arn" {\n  value = aws_iam_role.auditor.arn\n}\n')
    return "\n".join(blocks)


def _terraform_part(number: int, part: Policy) -> str:
    statements = "\n\n".join("\n".join(_terraform_statement(each)) for each in part["Statement"])
    return f"""\
data "aws_iam_policy_document" "read_{number}" {{
{statements}
}}

resource "aws_iam_policy" "read_{number}" {{
  name        = "${{var.role_name}}-{number}"
  description = "What auditor reads, part {number}"
  policy      = data.aws_iam_policy_document.read_{number}.minified_json
}}

resource "aws_iam_role_policy_attachment" "read_{number}" {{
  role       = aws_iam_role.auditor.name
  policy_arn = aws_iam_policy.read_{number}.arn
}}
"""


def _terraform_statement(statement: Statement) -> Iterator[str]:
    yield "  statement {"
    yield f"    sid    = {json.dumps(statement['Sid'])}"
    yield '    effect = "Allow"'
    for name, member in (("actions", "Action"), ("resources", "Resource")):
        yield f"    {name} = ["
        yield from (f"      {json.dumps(each)}," for each in statement[member])
        yield "    ]"
    yield "  }"


_TERRAFORM_ROLE = f"""\
terraform {{
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = ">= 5.30"
    }}
  }}
}}

variable "trusted_principal_arn" {{
  description = "{_TRUSTED}"
  type        = string
}}

variable "external_id" {{
  description = "{_EXTERNAL}"
  type        = string
  default     = ""
}}

variable "role_name" {{
  type    = string
  default = "{ROLE_NAME}"
}}

data "aws_partition" "current" {{}}

data "aws_iam_policy_document" "trust" {{
  statement {{
    actions = ["sts:AssumeRole"]

    principals {{
      type        = "AWS"
      identifiers = [var.trusted_principal_arn]
    }}

    dynamic "condition" {{
      for_each = var.external_id == "" ? [] : [var.external_id]

      content {{
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [condition.value]
      }}
    }}
  }}
}}

resource "aws_iam_role" "auditor" {{
  name               = var.role_name
  description        = "{_WHAT}"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}}
"""
