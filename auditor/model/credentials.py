"""What else opens an account: MFA devices, server certificates, and the keys of single services."""

from datetime import datetime
from typing import ClassVar, Literal

from auditor.model.fact import Fact
from auditor.model.resource import Resource


class MfaDevice(Resource):
    """iam:ListVirtualMFADevices and, for users with a console password, ListMFADevices.

    ARN: the serial number where that is one, else `USER-ARN#mfa/SERIAL`.
    """

    cloudformation: ClassVar[str] = "AWS::IAM::VirtualMFADevice"
    whole_list: ClassVar[str] = "arn:{partition}:iam::{account}:mfa"
    is_global: ClassVar[bool] = True
    kind: Literal["MfaDevice"] = "MfaDevice"
    serial: str
    user_arn: Fact[str]
    """The root user's ARN among them; Absent for a virtual device that nobody enabled."""
    is_virtual: bool
    """False: a passkey, a security key or a hardware token."""
    enabled: Fact[datetime]


class ServerCertificate(Resource):
    """iam:ListServerCertificates item."""

    cloudformation: ClassVar[str] = "AWS::IAM::ServerCertificate"
    whole_list: ClassVar[str] = "arn:{partition}:iam::{account}:server-certificate"
    is_global: ClassVar[bool] = True
    kind: Literal["ServerCertificate"] = "ServerCertificate"
    path: Fact[str]
    uploaded: Fact[datetime]
    expiration: Fact[datetime]


class ServiceSpecificCredential(Resource):
    """iam:ListServiceSpecificCredentials item: a long-lived key of one service. ARN `USER-ARN#service-specific-credential/ID`."""

    cloudformation: ClassVar[str] = "AWS::IAM::ServiceSpecificCredential"
    rests_on: ClassVar[tuple[str, ...]] = ("User", "ServiceSpecificCredential")
    whole_list: ClassVar[str] = "arn:{partition}:iam::{account}:service-specific-credential"
    is_global: ClassVar[bool] = True
    kind: Literal["ServiceSpecificCredential"] = "ServiceSpecificCredential"
    user_name: str
    service: Fact[str]
    """`bedrock.amazonaws.com`, `codecommit.amazonaws.com`, …"""
    status: Fact[str]
    """Active, Inactive or Expired."""
    created: Fact[datetime]
    expiration: Fact[datetime]
    """Absent: it never expires."""
