"""How a list goes on, and where it stops: no list is read for ever, whatever its tokens say."""

from collections.abc import Mapping
from typing import Any

from auditor.collect.integrity import BrokenAnswerError
from auditor.collect.interface import Operation, Paging
from auditor.collect.settings import Patience


class Pages:
    """The pages of one list so far: counted, and their tokens remembered."""

    def __init__(self, operation: Operation, patience: Patience) -> None:
        """Start before the first page."""
        self._operation = operation
        self._patience = patience
        self._tokens: set[str] = set()
        self._pages = self._blank = self._size = 0

    def next_token(self, body: Mapping[str, Any], size: int) -> str | None:
        """Return the token of the page after this one; raise BrokenAnswerError where the list cannot end well."""
        page = self._operation.page
        if page is None:
            return None
        token = _token(page, body)
        if token is None:
            return None
        if token in self._tokens:
            raise BrokenAnswerError("page token repeats")
        self._tokens.add(token)
        self._count(body, size)
        return token

    def _count(self, body: Mapping[str, Any], size: int) -> None:
        self._pages += 1
        self._size += size
        self._blank = 0 if self._holds_records(body) else self._blank + 1
        most = self._patience
        if self._blank >= most.most_blank_pages:
            raise BrokenAnswerError(f"{most.most_blank_pages} pages in a row without a record, and still one more")
        if self._pages >= most.most_pages:
            raise BrokenAnswerError(f"{most.most_pages} pages, and still one more")
        if self._size > most.longest_list:
            raise BrokenAnswerError(f"pages longer than {most.longest_list} bytes together, and still one more")

    def _holds_records(self, body: Mapping[str, Any]) -> bool:
        page = self._operation.page
        names = {name for name, _ in self._operation.records} | ({page.items} if page else set())
        return any(body.get(name) for name in names)


def _token(page: Paging, body: Mapping[str, Any]) -> str | None:
    token = body.get(page.token_out)
    if token is not None and not isinstance(token, str):
        raise BrokenAnswerError("page token is no text")
    if not _goes_on(page, body, token):
        return None
    if not token:
        raise BrokenAnswerError("more pages announced, no token")
    return token


def _goes_on(page: Paging, body: Mapping[str, Any], token: str | None) -> bool:
    """Return whether a next page is announced: by the service's flag, or, where there is none, by a token."""
    flag = body.get(page.more) if page.more is not None else None
    match flag:
        case None:
            return bool(token)
        case True | "true":
            return True
        case False | "false":
            return False
        case _:
            raise BrokenAnswerError(f"{page.more} is neither true nor false")
