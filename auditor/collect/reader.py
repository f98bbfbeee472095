"""The one reader: every call to AWS goes through here and leaves pages, or a gap, or both."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.response import StreamingBody

from auditor.collect.clock import now
from auditor.collect.failures import CAUGHT, RETRIED, error_code, is_too_large, is_untold, reason_of
from auditor.collect.integrity import BrokenAnswerError, RawAnswer, is_cut, keepable, whole
from auditor.collect.interface import Answer, Operation
from auditor.collect.notes import Notes
from auditor.collect.offered import DOCUMENTED, has_no_endpoint
from auditor.collect.pacing import Pacer, quotas_of
from auditor.collect.paging import Pages
from auditor.collect.redact import Redactor
from auditor.collect.session import AccountSession, Identity
from auditor.collect.settings import Patience
from auditor.model.snapshot import Declared, Gap, GapReason, Page
from auditor.normalize.registry import normalizers
from auditor.normalize.wire import PAGE_TOKENS


@dataclass
class Tally:
    """What a collection counts while it runs. Thread safe."""

    calls: Counter[str] = field(default_factory=Counter)
    throttled: int = 0
    clock_offset_seconds: int | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self, operation: str, *, throttled: bool) -> None:
        """Count one HTTP answer."""
        with self._lock:
            self.calls[operation] += 1
            self.throttled += throttled

    def offset(self, date: str, asked: datetime, answered: datetime) -> None:
        """Keep local minus remote time of the first answer that tells it."""
        with suppress(TypeError, ValueError), self._lock:
            if self.clock_offset_seconds is None:
                self.clock_offset_seconds = clock_offset(parsedate_to_datetime(date), asked, answered)


def clock_offset(date: datetime, asked: datetime, answered: datetime) -> int:
    """Return local minus remote time in whole seconds; 0 where both clocks may be one.

    A Date header has whole seconds (RFC 9110 section 5.6.7), and was written at some moment between the call and its answer.
    """
    if asked < date + timedelta(seconds=1) and answered >= date:
        return 0
    middle = asked + (answered - asked) / 2
    return round((middle - date).total_seconds() - 0.5)


@dataclass(frozen=True)
class Tools:
    """What every reader of a collection shares."""

    pacer: Pacer
    redactor: Redactor
    keep: Callable[[bytes], str]
    """Stores redacted bytes and returns their sha256."""
    pool: ThreadPoolExecutor
    stop: threading.Event
    patience: Patience
    jitter: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - spreads retries, guards nothing


class _GaveUpError(Exception):
    def __init__(self, reason: GapReason, code: str) -> None:
        super().__init__(code)
        self.reason = reason
        self.code = code


class _TooLargeError(_GaveUpError):
    """The answer would be too large: a smaller page may pass."""


class _RefusedError(Exception):
    """AWS answered with an error that the operation declares to be an answer."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Reader:
    """The caller of one account and region, as collectors see it."""

    def __init__(self, session: AccountSession, identity: Identity, region: str, tools: Tools) -> None:
        """Bind to one account and region; nothing is called."""
        self.account = identity.account
        self.partition = identity.partition
        self.region = region
        self.tally = Tally()
        self._identity = identity
        self._session = session
        self._tools = tools
        self._lock = threading.Lock()
        self.notes = Notes()
        self._declared: set[Declared] = set()
        self._kept: dict[str, list[Page]] = {}
        self._gaps: dict[str, list[Gap]] = {}
        self._local = threading.local()

    def introduce(self, identity: Identity) -> None:
        """Say who asks, once AWS has told: what was kept so far becomes that account's."""
        self.account, self.partition, self._identity = identity.account, identity.partition, identity
        told = {"account": identity.account, "caller": identity.arn}
        with self._lock:
            self._kept = {name: [page.model_copy(update=told) for page in pages] for name, pages in self._kept.items()}

    def serve(self, service: str, beside: tuple[str, ...] = ()) -> None:
        """Say which shard the following calls of this thread belong to, and the work that it gives away; whom it follows."""
        self._local.service, self._local.beside = service, beside

    @property
    def _service(self) -> str:
        return str(getattr(self._local, "service", ""))

    def shard(self, service: str) -> tuple[tuple[Page, ...], tuple[Gap, ...]]:
        """Return what a shard has, in an order that no thread decides."""
        pages = sorted(self._kept.get(service, ()), key=_page_order)
        gaps = sorted(set(self._gaps.get(service, ())), key=lambda gap: (gap.operation, gap.resource or "", gap.detail))
        return tuple(pages), tuple(gaps)

    def declare(self, why: str) -> None:
        """Record that something is out of reach here by nature: no gap."""
        self._declare(why, ())

    def _declare(self, why: str, lists: tuple[str, ...]) -> None:
        told = Declared(account=self.account, region=self.region, why=why, service=self._service or None, lists=lists)
        with self._lock:
            self._declared.add(told)

    @property
    def declared(self) -> tuple[Declared, ...]:
        """What was declared here, sorted."""
        with self._lock:
            return tuple(sorted(self._declared, key=lambda each: (each.service or "", each.why)))

    def remember(self, topic: str, value: str) -> None:
        """Note something for a later collector of the same account and region."""
        self.notes.remember(topic, value)

    def recall(self, topic: str) -> tuple[str, ...]:
        """Return what was noted, sorted, each once."""
        return self.notes.recall(topic)

    def follow(self, *topics: str) -> Iterator[tuple[str, str]]:
        """Yield what is noted, as it is, until the services that this thread's runs beside have ended."""
        return self.notes.follow(topics, self._local.beside)

    def gather(self, work: Iterable[Callable[[], object]]) -> None:
        """Run pieces of work in the shared pool as they come and wait for all; inside a piece, in turn."""
        if getattr(self._local, "inside", False):
            for piece in work:
                piece()
            return
        futures = [self._tools.pool.submit(self._piece, piece, self._service) for piece in work]
        _await(futures)

    def beside(self, *work: Callable[[], object]) -> None:
        """Run a few walks side by side, each free to gather, and wait for all."""
        with ThreadPoolExecutor(len(work), thread_name_prefix="walk") as walks:
            _await([walks.submit(self._walk, walk, self._service) for walk in work])

    def _walk(self, walk: Callable[[], object], service: str) -> None:
        self.serve(service)
        walk()

    def _piece(self, piece: Callable[[], object], service: str) -> None:
        self.serve(service)
        self._local.inside = True
        try:
            if not self._tools.stop.is_set():
                piece()
        finally:
            self._local.inside = False

    def __call__(self, operation: Operation, /, about: str | None = None, **parameters: Any) -> Answer:
        """Make the call, all pages of it; keep pages and gaps; never raise for what AWS answers."""
        bodies: list[Mapping[str, Any]] = []
        token: str | None = None
        pages = Pages(operation, self._tools.patience)
        wanted = dict(parameters)
        while True:
            asked = wanted if token is None or operation.page is None else {**wanted, operation.page.token_in: token}
            try:
                body, size = self._page(operation, asked, len(bodies))
                bodies.append(body)
                token = pages.next_token(body, size)
            except _TooLargeError as too_large:
                if wanted[operation.shrink] <= 1:
                    return Answer(tuple(bodies), self._gap(operation, parameters, about, too_large))
                # The page that was refused is asked for again from where the last one ended.
                wanted[operation.shrink] //= 2
                continue
            except _RefusedError as refused:
                return Answer(tuple(bodies), None, refused.code)
            except _GaveUpError as gave_up:
                return Answer(tuple(bodies), self._gap(operation, parameters, about, gave_up))
            except BrokenAnswerError as broken:
                return Answer(tuple(bodies), self._gap(operation, parameters, about, _GaveUpError(*reason_of(broken))))
            if token is None:
                return Answer(tuple(bodies), None)

    def _page(
        self, operation: Operation, parameters: Mapping[str, Any], sequence: int
    ) -> tuple[Mapping[str, Any], int]:
        """Return one whole page and its size in bytes, trying again while that may help."""
        deadline = time.monotonic() + self._tools.patience.total
        for attempt in range(self._tools.patience.attempts):
            if self._tools.stop.is_set():
                raise _GaveUpError(GapReason.INTERRUPTED, "interrupted")
            try:
                return self._attempt(operation, parameters, sequence)
            except CAUGHT as error:
                if isinstance(error, ClientError) and error_code(error) in operation.tolerated:
                    raise _RefusedError(error_code(error)) from error
                if self._is_not_offered(operation, error):
                    raise _RefusedError("not offered") from error
                reason, code = reason_of(error)
                self._tally(operation, reason)
                if operation.shrink and is_too_large(error):
                    raise _TooLargeError(reason, code) from error
                last = attempt + 1 == self._tools.patience.attempts
                delay = self._delay(attempt)
                if reason not in RETRIED or last or time.monotonic() + delay > deadline:
                    raise _GaveUpError(reason, code) from error
                self._tools.pacer.sleep(delay)
        raise _GaveUpError(GapReason.UNAVAILABLE, "no attempt was made")

    def _is_not_offered(self, operation: Operation, error: Exception) -> bool:
        """Return whether the region has no such service, and declare it: then its lists are empty by nature."""
        service = operation.service
        if not has_no_endpoint(error, self.region) or self.region in DOCUMENTED.get(service, ()):
            return False
        # EC2 is in every region: where botocore does not know it, the region itself may be a slip of the pen.
        if self._session.names_region(service, self.region) or not self._session.names_region("ec2", self.region):
            return False
        calls = [call for part in normalizers(self._service) for call in part.lists]
        kinds = {call.kind for call in calls if call.operation.startswith(f"{service}:") and call.parent is None}
        self._declare(f"{service} is not offered in {self.region}: its endpoint does not exist", tuple(sorted(kinds)))
        return True

    def _attempt(
        self, operation: Operation, parameters: Mapping[str, Any], sequence: int
    ) -> tuple[Mapping[str, Any], int]:
        client, tap = self._session.tapped(operation.service, self.region)
        self._tools.pacer.wait(self.account, self.region, quotas_of(operation.service, operation.limit))
        tap.clear()
        requested_at = now()
        try:
            result = getattr(client, xform_name(operation.name))(**parameters)
        except ClientError as error:
            self._hear_time(requested_at, tap.answer)
            heard, code = tap.answer, error_code(error)
            if heard is not None and is_cut(heard):
                # What the error was cannot be told: it may be an answer, or pass.
                raise BrokenAnswerError("error shorter than announced") from error
            if heard is not None and (code in operation.tolerated or is_untold(error)):
                keepable(heard)
            if heard is not None and code in operation.tolerated:
                self._tally(operation, None)
                self._keep(operation, parameters, sequence, (requested_at, heard))
            raise
        answer = tap.answer
        if answer is None:
            raise _GaveUpError(GapReason.UNAVAILABLE, "no answer")
        if isinstance(result.get("body"), StreamingBody):
            # Exports are streamed: nothing is read when botocore parses the answer.
            answer = replace(answer, body=result["body"].read())
        parsed = whole(operation, answer)
        self._tally(operation, None)
        self._keep(operation, parameters, sequence, (requested_at, answer))
        return parsed, len(answer.body)

    def _delay(self, attempt: int) -> float:
        longest = min(self._tools.patience.longest_delay, self._tools.patience.first_delay * 2**attempt)
        with self._lock:
            return self._tools.jitter.uniform(longest / 2, longest)

    def _tally(self, operation: Operation, reason: GapReason | None) -> None:
        throttled = reason is GapReason.THROTTLED
        self.tally.answered(operation.id, throttled=throttled)
        if throttled:
            self._tools.pacer.throttled(self.account, self.region, quotas_of(operation.service, operation.limit))

    def _hear_time(self, requested_at: datetime, answer: RawAnswer | None) -> None:
        """Note how far the clocks are apart; a refusal tells it too, and may be one for that very reason."""
        if answer is not None and "date" in answer.headers:
            self.tally.offset(answer.headers["date"], requested_at, now())

    def _keep(
        self, operation: Operation, parameters: Mapping[str, Any], sequence: int, heard: tuple[datetime, RawAnswer]
    ) -> None:
        requested_at, answer = heard
        self._hear_time(requested_at, answer)
        answered_at = now()
        content, redacted = self._tools.redactor.body(operation.id, answer.body)
        page = Page(
            operation=operation.id,
            parameters=self._tools.redactor.parameters(dict(parameters)),
            account=self.account,
            region=self.region,
            caller=self._identity.arn,
            requested_at=requested_at,
            answered_at=answered_at,
            request_id=_request_id(answer),
            status=answer.status,
            sequence=sequence,
            sha256=self._tools.keep(content),
            size=len(content),
            redacted=redacted,
        )
        with self._lock:
            self._kept.setdefault(self._service, []).append(page)

    def _gap(self, operation: Operation, parameters: Mapping[str, Any], about: str | None, why: _GaveUpError) -> Gap:
        place = operation.resource.format_map(
            {**parameters, "partition": self.partition, "region": self.region, "account": self.account}
        )
        gap = Gap(
            operation=operation.id,
            account=self.account,
            region=self.region,
            resource=about,
            reason=why.reason,
            action=operation.action,
            detail=f"{place}; {why.code}",
        )
        with self._lock:
            self._gaps.setdefault(self._service, []).append(gap)
        return gap


def _page_order(page: Page) -> tuple[str, str, int, str]:
    asked = {name: value for name, value in page.parameters.items() if name not in PAGE_TOKENS}
    return (page.operation, str(sorted(asked.items())), page.sequence, page.sha256)


def _request_id(answer: RawAnswer) -> str:
    return answer.headers.get("x-amzn-requestid") or answer.headers.get("x-amz-request-id") or ""


def _await(futures: list[Future[None]]) -> None:
    """Wait for all; a defect of ours in any piece is raised after the others ended."""
    errors = [error for future in futures if (error := future.exception()) is not None]
    if errors:
        raise errors[0]
