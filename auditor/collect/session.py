"""Credentials and clients: one session an account, clients made under a lock, writes refused before they are sent."""

import threading
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.config import Config as ClientConfig
from botocore.credentials import Credentials
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
    UnknownRegionError,
)
from botocore.loaders import Loader, create_loader
from botocore.model import OperationModel

from auditor import __version__
from auditor.collect.integrity import Tap
from auditor.collect.settings import AccountTarget, CollectSettings
from auditor.collect.transport import bound
from auditor.errors import NothingReadError, UsageError

READ_VERBS = ("Get", "List", "Describe", "Export")
READS_BESIDE = frozenset({"AssumeRole", "GenerateCredentialReport"})
"""Not reads by name, but they change no configuration: a session, and a report that IAM keeps about itself."""
_VALUES = frozenset({"GetSecretValue", "BatchGetSecretValue", "GetParameter", "GetParameters", "GetApiKey"})
"""Reads by name that would return secrets."""


_CLOCK = frozenset({"SignatureDoesNotMatch", "InvalidSignatureException", "RequestExpired", "RequestTimeTooSkewed"})

NOT_ENABLED = frozenset(
    {
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "OptInRequired",
        "AuthFailure",
        "EndpointConnectionError",
    }
)
"""How a region that is not enabled may answer: it does not know the account's keys. One that does not exist has no name."""
_OLDEST = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""A region of each partition that is always enabled."""


SIGN_IN = "Sign in again: aws sso login, or what your credential process asks for."


class WriteRefusedError(AssertionError):
    """The program tried to send something that is not a read: a defect of ours, never a person's mistake."""


@dataclass(frozen=True)
class Identity:
    """Who asks, as sts:GetCallerIdentity says."""

    account: str
    arn: str
    partition: str


class AccountSession:
    """The clients of one account."""

    def __init__(self, session: boto3.Session, settings: CollectSettings, home: str) -> None:
        """Take a session with credentials, and the region through which global services are asked; no call is made."""
        self._home = home
        self._session = session
        self._settings = settings
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()
        self._tap = Tap()
        self._tapped: set[tuple[str, str]] = set()

    def client(self, service: str, region: str) -> Any:
        """Return the client of a service in a region; made once, safe to share between threads."""
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                self._clients[key] = self._make(service, region)
            return self._clients[key]

    def tapped(self, service: str, region: str) -> tuple[Any, Tap]:
        """Return a client whose answers are heard raw, and the one tap that hears them: what a tap took, no second can hear."""
        client = self.client(service, region)
        with self._lock:
            if (service, region) not in self._tapped:
                self._tapped.add((service, region))
                client.meta.events.register("before-parse", self._tap.hear)
        return client, self._tap

    def names_region(self, service: str, region: str) -> bool:
        """Return whether botocore's own table of endpoints says that a service is offered in a region."""
        partition = self._session.get_partition_for_region(region)
        return region in self._session.get_available_regions(service, partition)

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()
            self._tapped.clear()

    def _make(self, service: str, region: str) -> Any:
        patience = self._settings.patience
        config = ClientConfig(
            retries={"total_max_attempts": 1},
            connect_timeout=patience.connect_timeout,
            read_timeout=patience.read_timeout,
            max_pool_connections=self._settings.threads + 4,
            user_agent_extra=f"auditor/{__version__}",
        )
        made = self._session.client(
            service, region_name=self._home if region == "aws-global" else region, config=config
        )
        bound(made, patience)
        return made


def _refuse_writes(model: OperationModel, **_unused: object) -> None:
    name = model.name
    if name in _VALUES or not (name.startswith(READ_VERBS) or name in READS_BESIDE):
        raise WriteRefusedError(f"{model.service_model.service_name}:{name} is not a read that this program may send")


def open_session(settings: CollectSettings, target: AccountTarget, region: str) -> AccountSession:
    """Return the session of one account, through its role where one is named; raise where there are no credentials."""
    home = _session(settings.profile, None)
    if target.role_arn is None:
        return AccountSession(home, settings, region)
    asking = AccountSession(home, settings, region)
    try:
        external = {"ExternalId": target.external_id} if target.external_id else {}
        answer = asking.client("sts", region).assume_role(
            RoleArn=target.role_arn, RoleSessionName="auditor", **external
        )
    except (ClientError, BotoCoreError) as error:
        raise _no_identity(error, f"cannot assume {target.role_arn}") from error
    finally:
        asking.close()
    given = answer["Credentials"]
    credentials = Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    return AccountSession(_session(settings.profile, credentials), settings, region)


def home_regions(settings: CollectSettings) -> tuple[str, ...]:
    """Return the regions through which to ask who asks, in turn; raise UsageError where none is named.

    The first that is to be read, then the one of the profile or the environment, then the oldest of the partition.
    """
    session = _session(settings.profile, None)
    if not settings.regions:
        return (_home_region(session),)
    try:
        oldest = _OLDEST.get(session.get_partition_for_region(settings.regions[0]))
    except UnknownRegionError as error:
        raise UsageError(
            f"AWS knows no region {settings.regions[0]}", "Correct --region, or [scope] regions."
        ) from error
    return tuple(dict.fromkeys(each for each in (settings.regions[0], session.region_name, oldest) if each))


@dataclass(frozen=True)
class Setup:
    """What this machine's AWS configuration says, as far as it can be told without a call to the service."""

    profile: str | None
    region: str | None
    credentials: str | None
    """botocore's word for where they come from, e.g. `env`, `sso`, `shared-credentials-file`; None: there are none."""


def setup(settings: CollectSettings) -> Setup:
    """Return the profile, region and kind of credentials in force; raise UsageError or NothingReadError as a run would."""
    session = _session(settings.profile, None)
    try:
        found = session.get_credentials()
        if found is not None:
            found.get_frozen_credentials()
    except BotoCoreError as error:
        raise _no_identity(error, "the credentials cannot be used") from error
    region = session.region_name
    return Setup(
        profile=session.profile_name,
        region=None if region is None else str(region),
        credentials=None if found is None else str(found.method),
    )


@cache
def _models(data_path: str | None) -> Loader:
    """Return one loader of botocore's models for all sessions: reading them costs more than an account's first calls."""
    return create_loader(data_path)


def _session(profile: str | None, credentials: Credentials | None) -> boto3.Session:
    try:
        core = botocore.session.Session(profile=profile)
        core.register_component("data_loader", _models(core.get_config_variable("data_path")))
        core.register("before-call", _refuse_writes)
        if credentials is not None:
            core._credentials = credentials  # noqa: SLF001 - how botocore's own assume-role examples hand them over
        return boto3.Session(botocore_session=core)
    except ProfileNotFound as error:
        raise UsageError(f"{error}", "Give a profile of your AWS configuration with --profile.") from error


def _home_region(session: boto3.Session) -> str:
    if session.region_name is None:
        raise UsageError("no AWS region is set", "Give one with --region, or set AWS_REGION.")
    return str(session.region_name)


def _no_identity(error: Exception, what: str) -> NothingReadError | UsageError:
    match error:
        case NoCredentialsError() | PartialCredentialsError():
            return no_credentials()
        case NoRegionError():
            return UsageError("no AWS region is set", "Give one with --region, or set AWS_REGION.")
        case SSOError() | TokenRetrievalError() | CredentialRetrievalError():
            return NothingReadError(
                f"the AWS credentials cannot be used: {type(error).__name__}",
                SIGN_IN,
                "Expired",
            )
        case ClientError():
            code = error.response.get("Error", {}).get("Code", "no code")
            return NothingReadError(f"{what}: {code}", step_after(code), code)
        case _:
            return unreachable(what, type(error).__name__)


def no_credentials() -> NothingReadError:
    """Return that nobody is there to ask as."""
    return NothingReadError("there are no AWS credentials", "Set AWS_PROFILE or AWS_* variables, or aws sso login.")


def unreachable(what: str, code: str) -> NothingReadError:
    """Return that AWS gave no answer."""
    return NothingReadError(f"{what}: {code}", "Check the network, the region and AWS_ENDPOINT_URL.", code)


def step_after(code: str) -> str:
    """Return what to do about an error code of AWS that keeps everybody out."""
    if code in _CLOCK:
        return "Check this machine's clock and the secret key: AWS refuses signatures that are minutes off."
    if "Expired" in code:
        return "Renew the credentials (aws sso login)."
    return "Check the role, its trust and the profile."
