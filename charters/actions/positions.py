"""Order with gaps: moving one row writes one row, and so one entry of history."""

from collections.abc import Sequence

STEP = 2**20
"""The gap left between neighbours: twenty moves into one place before a renumbering."""


def between(positions: Sequence[int], index: int) -> int | None:
    """A position that puts a row at `index` among `positions` (ascending); None when the gap there is used up."""
    if not positions:
        return STEP
    if index <= 0:
        return positions[0] - STEP
    if index >= len(positions):
        return positions[-1] + STEP
    middle = (positions[index - 1] + positions[index]) // 2
    return middle if positions[index - 1] < middle < positions[index] else None
