"""Where everything stands in a picture of 1200 by 420."""

WIDTH, HEIGHT = 1200, 420
LEFT, RIGHT = 20, 1168
BESIDE = 560
"""Room of the line on the route where the words of the dotted line stand beside it."""
FIRST, BOX, GAP = 92, 124, 12
"""Left edge of the first box, width of a box, room between two."""
TOP, TALL = 60, 158
"""Of the boxes."""
WAY = TOP + 12
"""Where the line from client to back end runs."""
LANES, LANE = 225, 30
"""Top of the ribbon, height of one of its lanes."""
ANSWER = 326
STRIP, STRIP_TALL = 348, 48
LEGEND = 413


def left(box: int) -> int:
    """Return the left edge of a box, counted from 0."""
    return FIRST + box * (BOX + GAP)


def middle(box: int) -> int:
    """Return the middle of a box, counted from 0."""
    return left(box) + BOX // 2
