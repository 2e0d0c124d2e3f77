"""The operators as functions of numpy arrays and nested lists; nothing that is given is changed."""

import numpy as np

from .errors import usage_error, value_error
from .evaluate import Forward, Given, require_in_range
from .frames import RaggedFrame, frame_of, mask_from
from .naming import conveniences, families
from .operators import select

_about = """values: an array whose last axis (or ``axis``) holds the items; the others are rows. Lists of lists too,
of any lengths. float64 and float32 are computed in themselves, float16 in float32; whole numbers and lists in float64.
mask (True where an item is present) or lengths (one a row) leave items out: outputs and gradients are 0 there, sorted
values and rows of matrices come first. With a ``cotangent`` the answer is (output, gradient in the values)."""

_extras = {"weights": None, "list_weights": None, "mask": None, "lengths": None, "axis": -1, "cotangent": None}


def _is_ragged(values):
    if not isinstance(values, (list, tuple)) or not values:
        return False
    rows = all(isinstance(row, (list, tuple)) or (isinstance(row, np.ndarray) and row.ndim == 1) for row in values)
    return rows and len({len(row) for row in values}) > 1


def _as_values(values, what="values"):
    """The numbers as an array of float32 or float64, and the type that answers have."""
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise value_error(f"{what}: {error}; expected numbers, or rows of numbers") from None
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    if array.dtype in (np.float64, np.float32):
        return array, array.dtype
    if array.dtype == np.float16:
        return array.astype(np.float32), array.dtype
    if array.dtype.kind in "iub":
        return array.astype(np.float64), np.dtype(np.float64)
    raise value_error(f"{what}: numbers of type {array.dtype}; expected float64, float32, float16 or whole numbers")


def _moved(array, axis, like=None):
    if like is not None and array.shape != like:
        raise value_error(f"an array of shape {array.shape} came with values of shape {like}; expected the same shape")
    return array if axis in (-1, array.ndim - 1) else np.moveaxis(array, axis, -1)


def _apply_ragged(op, values, labels, weights, list_weights, mask, lengths, cotangent):
    if mask is not None or lengths is not None:
        raise usage_error("rows of different lengths take no mask and no lengths", "leave the items out of the rows")
    frame = RaggedFrame([len(row) for row in values])
    flat, dtype = _as_values(np.concatenate([np.asarray(row) for row in values]))
    given = Given(labels, weights, list_weights)
    made = Forward(op, np.split(flat, frame.rows.offsets[1:-1].astype(np.int64)), frame, given)
    if cotangent is None:
        return made.output
    return made.output, [row.astype(dtype, copy=False) for row in made.pull(cotangent)]


def call(op, values, labels=None, *, weights, list_weights, mask, lengths, axis, cotangent):
    """One operator on arrays given."""
    if _is_ragged(values):
        return _apply_ragged(op, values, labels, weights, list_weights, mask, lengths, cotangent)
    array, dtype = _as_values(values)
    if array.ndim == 0:
        raise value_error("values: a single number; expected at least one axis of items")
    shape = array.shape
    moved = _moved(array, axis)
    mask = mask_from(moved.shape, None if mask is None else _moved(np.asarray(mask), axis, shape), lengths)
    labels, weights = (None if each is None else _moved(np.asarray(each), axis, shape) for each in (labels, weights))
    made = Forward(op, moved, frame_of(moved.shape, mask), Given(labels, weights, list_weights))
    by_item = op.output == "item"
    output = made.output.astype(dtype, copy=False)
    if by_item:
        output = _back(output, axis)
    if cotangent is None:
        return output if output.ndim else output[()]
    bar = np.asarray(cotangent, moved.dtype)
    gradient = made.pull(_moved(bar, axis) if by_item else bar)
    require_in_range(gradient, op, "the gradient")
    return output if output.ndim else output[()], _back(gradient.astype(dtype, copy=False), axis)


def _back(array, axis):
    return array if axis in (-1, array.ndim - 1) else np.moveaxis(array, -1, axis)


def apply(selector, values, labels=None, **options):
    """
    One operator by selector, e.g. ``apply('rank:sigmoid[strength=0.1]', [5, 1, 2])``; options are those of the
    functions.
    """
    unknown = next((name for name in options if name not in _extras), None)
    if unknown is not None:
        raise usage_error(f'apply has no option "{unknown}"; it has: {", ".join(_extras)}')
    return call(select(selector), values, labels, **{**_extras, **options})


functions = {**families(call, _extras, _about, "rank_bench"), **conveniences(call, _extras, "rank_bench")}
