"""On how many drawn requests the evaluator and the slow reference of the tests decide alike, layer and all.

    PYTHONPATH=. python bench/agreement.py [cases, 100000 where none are said]

The reference takes AWS's documented steps one by one, knows none of the evaluator's code, and was written by another hand.
"""

import sys
import time
from collections import Counter

from tests.access.reference.evaluator import agrees
from tests.access.reference.strategies import numbered_case
from tests.access.worlds import decided

CASES = 100_000


def main() -> None:
    """Compare, and print each disagreement and how often each answer came up."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    answers: Counter[tuple[str, str]] = Counter()
    apart = 0
    spent = {"reference": 0.0, "evaluator": 0.0}
    for number in range(wanted):
        case = numbered_case(number)
        began = time.process_time()
        found = decided(case)
        between = time.process_time()
        does_agree = agrees(case, found.verdict.value, found.layer.value)
        spent["evaluator"] += between - began
        spent["reference"] += time.process_time() - between
        answers[found.verdict.value, found.layer.value] += 1
        if not does_agree:
            apart += 1
            print(f"case {number}: evaluator {(found.verdict.value, found.layer.value)}, the reference says otherwise")
    for (decision, layer), times in sorted(answers.items()):
        print(f"  {decision}, {layer}: {times}")
    print(f"{wanted} requests, {apart} decided apart")
    print(f"CPU: reference {spent['reference']:.1f} s, evaluator {spent['evaluator']:.1f} s with its parsing")


if __name__ == "__main__":
    main()
