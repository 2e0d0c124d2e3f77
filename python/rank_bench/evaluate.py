"""One forward and one backward pass of an operator over arrays: what numpy, PyTorch and JAX have in common."""

import math

import numpy as np

from .checks import place_of, require_list_weights
from .errors import usage_error, value_error
from .frames import MaskedFrame, RaggedFrame, ThinnedFrame
from .leases import lease


def require_finite(flat, rows, what):
    """Raises RankBenchError that names row and index of the first number that is NaN or infinite."""
    # One sum tells that all are finite, but for sums that overflow.
    if flat.size == 0 or math.isfinite(np.add.reduce(flat)):
        return
    wrong = ~np.isfinite(flat)
    if wrong.any():
        row, i = place_of(rows, int(wrong.argmax()))
        raise value_error(f"{what}: row {row}, index {i} is {flat[wrong.argmax()]}; expected a finite number")


def require_in_range(results, op, what):
    if results.size == 0 or math.isfinite(np.add.reduce(results, axis=None)) or np.isfinite(results).all():
        return
    wrong = results[~np.isfinite(results)].flat[0]
    raise value_error(
        f"{what} of {op} is {wrong} in {results.dtype}; the values or 1 / strength are too large for it",
        "use float64, or scale the values"
        if results.dtype == np.float32
        else "scale the values, or raise the strength",
    )


class Given:
    """What comes with the values: labels, weights and list weights, arrays or None."""

    __slots__ = ("labels", "weights", "list_weights")

    def __init__(self, labels=None, weights=None, list_weights=None):
        self.labels, self.weights, self.list_weights = labels, weights, list_weights


nothing = Given()


def require_given(op, given):
    """Raises RankBenchError on labels that are missing, and on labels and weights where none belong."""
    if op.has_labels and given.labels is None:
        raise usage_error(f"{op.name} needs labels, one a value")
    if not op.has_labels and given.labels is not None:
        raise usage_error(f"{op.name} takes no labels", "labels belong to losses")
    if not op.has_labels and given.list_weights is not None:
        raise usage_error(f"{op.name} takes no list weights", "list weights belong to losses")
    if given.weights is not None and not op.is_weighted:
        raise usage_error(f"{op.name} takes no item weights")


def _weigh(weights, losses):
    """A list of weight 0 counts nothing, whatever its loss."""
    with np.errstate(invalid="ignore"):
        return np.where(weights == 0, 0, weights * losses)


class Forward:
    """A forward pass that was made, and what its backward pass needs. ``output`` is the caller's own."""

    __slots__ = ("output", "op", "_frame", "_lease", "_scales", "_mapped")

    def __init__(self, op, values, frame, given=nothing, mapped=0):
        """
        ``values`` of float32 or float64 in the frame; the first ``mapped`` leading axes are batches apart from
        each other.
        """
        require_given(op, given)
        self.op, self._mapped = op, mapped
        frame = self._frame = _leaving_out(op, frame, given)
        flat = frame.gather(values)
        require_finite(flat, frame.rows, "values")
        self._lease = lease(op, flat.dtype, frame.rows)
        if op.has_labels:
            self.output = self._loss(flat, given)
        else:
            weights = None if given.weights is None else self._items(given.weights, "weights", flat.dtype)
            flat_output = self._lease.pass_.forward(flat, None, weights, None)
            require_in_range(flat_output, op, "the output")
            self.output = frame.scatter_output(op, flat_output)

    def _items(self, array, what, dtype):
        flat = self._frame.gather(array)
        if flat.dtype != dtype:
            flat = flat.astype(dtype)
        require_finite(flat, self._frame.rows, what)
        return flat

    def _loss(self, flat, given):
        lead = self._frame.lead
        labels = self._items(given.labels, "labels", flat.dtype)
        weights = None if given.weights is None else self._items(given.weights, "weights", flat.dtype)
        losses = self._lease.pass_.forward(flat, labels, weights)
        lists = losses.size // max(1, math.prod(lead[: self._mapped]))
        reduction = self.op.params["reduction"]
        share = 1 / max(1, lists) if reduction == "mean" else 1.0
        if given.list_weights is None:
            weighed, self._scales = losses, share
        else:
            by_list = np.asarray(given.list_weights, flat.dtype).astype(np.float64).reshape(-1)
            if by_list.size != losses.size:
                raise value_error(f"list weights: {by_list.size} entries; expected {losses.size}, one a row")
            require_list_weights(by_list)
            weighed, self._scales = _weigh(by_list, losses), share * by_list
        require_in_range(weighed, self.op, "the output")
        if reduction == "none":
            return weighed.astype(flat.dtype).reshape(lead)
        # From the first list on, and the share of a list before or after, as the library for Node adds them.
        early = self._lease.pass_.shares_early
        apart = (_weigh(self._scales, losses) if early else weighed).reshape(*lead[: self._mapped], lists)
        total = np.cumsum(apart, axis=-1)[..., -1] if lists else np.zeros(apart.shape[:-1])
        return np.asarray(total if early else share * total).astype(flat.dtype)

    def pull(self, cotangent):
        """The gradient in the values of the scalar whose gradient in the output is ``cotangent``."""
        op, frame = self.op, self._frame
        if not op.has_labels:
            flat = frame.gather_cotangent(op, cotangent)
            return frame.scatter_items(self._lease.pass_.backward(flat))
        wide = np.asarray(cotangent, np.float64)
        if op.params["reduction"] != "none":
            lists = frame.rows.count // max(1, wide.size)
            wide = np.repeat(wide.reshape(-1), lists)
        return frame.scatter_items(
            self._lease.pass_.backward(self._scales * np.broadcast_to(wide.reshape(-1), frame.rows.count))
        )


def _leaving_out(op, frame, given):
    """The frame without items whose label means that they are none."""
    if op.ignored is None or given.labels is None:
        return frame
    is_ragged = isinstance(frame, RaggedFrame)
    labels = frame.gather(given.labels) if is_ragged else np.asarray(given.labels)
    present = labels != np.asarray(op.ignored, labels.dtype if labels.dtype.kind == "f" else np.float64)
    if is_ragged:
        return ThinnedFrame(frame, present)
    if frame.mask is not None:
        present = present & frame.mask.reshape(frame.shape)
    return MaskedFrame(frame.shape, present)
