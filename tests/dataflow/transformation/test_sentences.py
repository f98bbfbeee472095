"""The steps as they are read aloud: reviewed once, the same ever after."""

from auditor.dataflow.transformation.said import request_sentence, response_sentence
from auditor.dataflow.transformation.wording import LONGEST
from tests.dataflow.transformation.sentences import GOLDEN, spoken
from tests.dataflow.transformation.tables import made, rows


def test_steps_say_what_was_reviewed() -> None:
    assert spoken() == GOLDEN.read_text(encoding="utf-8")


def test_there_is_enough_to_review_and_all_of_it_is_short() -> None:
    said = [say(made(case)) for case in rows("sentences") for say in (request_sentence, response_sentence)]
    assert len(said) >= 80
    assert all(each.endswith(".") and len(each) <= LONGEST for each in said)
