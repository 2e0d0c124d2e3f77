"""What losses refuse of labels and weights, by row and index."""

import numpy as np

from .errors import value_error


def place_of(rows, at):
    """Row and index of a flat entry."""
    row = int(np.searchsorted(rows.offsets, at, side="right")) - 1
    return row, at - int(rows.offsets[row])


def require_grades(labels, rows, has_flag):
    wrong = ~((labels >= 0) & (labels < np.inf))
    if wrong.any():
        at = int(wrong.argmax())
        row, i = place_of(rows, at)
        raise value_error(
            f"labels: row {row}, index {i} is {labels[at]}; expected a finite grade >= 0",
            f"a mask, or ignore={labels[at]:g}, leaves such items out"
            + ("; negative_labels=True takes them as they are" if has_flag else ""),
        )


def require_weights(weights, rows):
    wrong = ~((weights >= 0) & (weights < np.inf))
    if wrong.any():
        at = int(wrong.argmax())
        row, i = place_of(rows, at)
        raise value_error(f"weights: row {row}, index {i} is {weights[at]}; expected a finite number >= 0")


def require_list_weights(weights):
    wrong = ~((weights >= 0) & (weights < np.inf))
    if wrong.any():
        at = int(wrong.argmax())
        raise value_error(f"list weights: row {at} is {weights[at]}; expected a finite number >= 0")
