"""
Arrays of values to the rows that kernels know, and back: leading axes are rows, the last axis its items. A mask or
lengths leave items out; their outputs and gradients are 0, and what is sorted stands first.
"""

import math
from functools import lru_cache

import numpy as np

from .errors import value_error
from .plan import Rows


@lru_cache(256)
def regular_rows(count, length):
    """``count`` rows of ``length`` items."""
    return Rows(np.full(count, length))


class Frame:
    """Rows of one length, all items present."""

    mask = None

    def __init__(self, shape):
        self.shape = shape
        self.lead, self.n = shape[:-1], shape[-1]
        self.rows = regular_rows(math.prod(self.lead), self.n)

    def gather(self, array):
        return array.reshape(-1)

    def scatter_items(self, flat):
        return flat.reshape(self.shape)

    def _output_shape(self, op):
        if op.output == "item":
            return self.shape
        if op.output == "pair":
            return (*self.shape, self.n)
        return (*self.lead, len(op.levels)) if op.separate else self.lead

    def scatter_output(self, op, flat):
        return flat.reshape(self._output_shape(op))

    def gather_cotangent(self, op, cotangent):
        shape = self._output_shape(op)
        if cotangent.shape != shape:
            raise value_error(f"cotangent: its shape is {cotangent.shape}; expected {shape}, as the output")
        return cotangent.reshape(-1)


class MaskedFrame(Frame):
    """The same where only some items are present."""

    def __init__(self, shape, mask):
        super().__init__(shape)
        self.mask = mask.reshape(-1, self.n)
        self.counts = self.mask.sum(axis=1)
        self.rows = Rows(self.counts)
        self.first = np.arange(self.n) < self.counts[:, None]

    def gather(self, array):
        return array.reshape(self.mask.shape)[self.mask]

    def _spread(self, where, flat, shape):
        out = np.zeros(where.shape, flat.dtype)
        out[where] = flat
        return out.reshape(shape)

    def scatter_items(self, flat):
        return self._spread(self.mask, flat, self.shape)

    def _where(self, op):
        if op.output == "pair":
            return self.first[:, :, None] & self.mask[:, None, :]
        return self.mask if op.by == "item" else self.first

    def scatter_output(self, op, flat):
        if op.output == "row":
            return super().scatter_output(op, flat)
        return self._spread(self._where(op), flat, self._output_shape(op))

    def gather_cotangent(self, op, cotangent):
        flat = super().gather_cotangent(op, cotangent)
        if op.output == "row":
            return flat
        where = self._where(op)
        return flat.reshape(where.shape)[where]


class RaggedFrame:
    """Rows of any lengths, given as a list of them."""

    mask = None

    def __init__(self, lengths):
        self.rows = Rows(lengths)
        self.lead = (self.rows.count,)

    def gather(self, nested):
        lengths = [len(row) for row in nested]
        if lengths != self.rows.lengths.tolist():
            raise value_error(f"rows have lengths {lengths}; expected {self.rows.lengths.tolist()}, as the values")
        return np.concatenate([np.asarray(row) for row in nested]) if lengths else np.empty(0)

    def scatter_items(self, flat):
        return np.split(flat, self.rows.offsets[1:-1].astype(np.int64)) if self.rows.count else []

    def scatter_output(self, op, flat):
        if op.output == "item":
            return self.scatter_items(flat)
        if op.output == "row":
            return flat.reshape(-1, len(op.levels)) if op.separate else flat
        lengths = self.rows.lengths.tolist()
        ends = np.cumsum(self.rows.lengths**2)[:-1]
        return [part.reshape(n, n) for part, n in zip(np.split(flat, ends), lengths, strict=True)] if lengths else []

    def gather_cotangent(self, op, cotangent):
        if op.output == "item":
            return self.gather(cotangent)
        return np.concatenate([np.ravel(each) for each in cotangent]) if len(cotangent) else np.empty(0)


class ThinnedFrame(RaggedFrame):
    """The same where only some items are present; of losses, whose output has no entry an item."""

    def __init__(self, frame, present):
        self.whole, self.present = frame, present
        row_of = np.repeat(np.arange(frame.rows.count), frame.rows.lengths)
        self.rows = Rows(np.bincount(row_of[present], minlength=frame.rows.count))
        self.lead = frame.lead

    def gather(self, nested):
        return self.whole.gather(nested)[self.present]

    def scatter_items(self, flat):
        full = np.zeros(self.whole.rows.items, flat.dtype)
        full[self.present] = flat
        return self.whole.scatter_items(full)


_frames = {}


def frame_of(shape, mask=None):
    """The frame of arrays of that shape, whose last axis holds the items."""
    if mask is not None:
        if mask.all():
            return frame_of(shape)
        return MaskedFrame(shape, mask)
    found = _frames.get(shape)
    if found is None:
        if len(_frames) > 512:
            _frames.clear()
        found = _frames[shape] = Frame(shape)
    return found


def mask_from(shape, mask, lengths):
    """True where an item is present, or None where all are."""
    if mask is not None and lengths is not None:
        raise value_error("mask and lengths were both given; expected one of them")
    if mask is not None:
        mask = np.asarray(mask)
        if mask.dtype != np.bool_:
            raise value_error(f"mask: its entries are of type {mask.dtype}; expected True or False")
        if mask.shape != shape:
            raise value_error(f"mask: its shape is {mask.shape}; expected {shape}, as the values")
        return mask
    if lengths is None:
        return None
    lengths = np.asarray(lengths)
    if lengths.shape != shape[:-1] or not np.issubdtype(lengths.dtype, np.integer):
        raise value_error(
            f"lengths: {lengths.dtype} of shape {lengths.shape}; expected integers of shape {shape[:-1]}, one a row"
        )
    if lengths.size and (lengths.min() < 0 or lengths.max() > shape[-1]):
        raise value_error(f"lengths: they reach from {lengths.min()} to {lengths.max()}; expected 0 to {shape[-1]}")
    return np.arange(shape[-1]) < lengths[..., None]
