"""Notes between collectors: heard while the other still reads, each once, and never waited for in vain."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from auditor.collect.notes import Notes
from auditor.collect.registry import collectors, in_order

_LONG = 10.0


def test_a_note_is_heard_while_the_other_still_works() -> None:
    notes = Notes()
    notes.begin(["apigateway", "logs"])
    with ThreadPoolExecutor(1) as pool:
        follower = notes.follow(("group",), ("apigateway",))
        first = pool.submit(next, follower)
        notes.remember("group", "b")
        assert first.result(_LONG) == ("group", "b")
        second = pool.submit(next, follower)
        notes.remember("group", "a")
        assert second.result(_LONG) == ("group", "a")
        rest = pool.submit(list, follower)
        notes.remember("group", "a")
        notes.remember("other", "c")
        notes.end("apigateway")
        assert rest.result(_LONG) == []
    assert notes.recall("group") == ("a", "b")


def test_what_was_noted_before_the_end_is_told_after_it() -> None:
    notes = Notes()
    notes.begin(["apigateway"])
    notes.remember("x", "2")
    notes.remember("y", "1")
    notes.remember("x", "1")
    notes.end("apigateway")
    assert list(notes.follow(("x", "y"), ("apigateway",))) == [("x", "2"), ("x", "1"), ("y", "1")]


def test_a_service_that_is_not_read_is_not_waited_for() -> None:
    notes = Notes()
    notes.begin(["logs"])
    assert list(notes.follow(("x",), ("apigateway", "lambda"))) == []


def test_one_of_two_that_ended_is_not_both() -> None:
    notes = Notes()
    notes.begin(["apigateway", "lambda"])
    ended = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        heard = pool.submit(lambda: (list(notes.follow(("x",), ("apigateway", "lambda"))), ended.is_set()))
        notes.end("apigateway")
        time.sleep(0.05)
        notes.remember("x", "late")
        ended.set()
        notes.end("lambda")
        assert heard.result(_LONG) == ([("x", "late")], True)


def test_nobody_follows_whoever_waits_for_him() -> None:
    order = [each.service for each in in_order(collectors())]
    for each in collectors():
        assert all(order.index(name) < order.index(each.service) for name in each.told_by if name in order)
        assert not set(each.after) & set(each.beside)
