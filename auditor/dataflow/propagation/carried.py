"""What is known of the caller along a passage: before anybody is asked, after the authorizer, and at the back end."""

from dataclasses import dataclass

from auditor.dataflow.passage import Passage
from auditor.model.flow import ToldToBackend
from auditor.model.identity import AuthenticatedBy, ClientHeaders, IdentityState

CLIENT = IdentityState(AuthenticatedBy.NONE, mutual_tls=None, facts=(), client_headers=ClientHeaders.PASS_ALL)


@dataclass(frozen=True, slots=True)
class States:
    """What is known of the caller at the three points where it changes; None: not known."""

    client: IdentityState | None
    authorized: IdentityState | None
    backend: IdentityState | None


def states(_passage: Passage) -> States:
    """Return what is known of the caller along a passage."""
    return States(CLIENT, None, None)


def told_to_backend(_passage: Passage) -> ToldToBackend:
    """Return what the back end is told."""
    return ToldToBackend.UNKNOWN
