"""
Passes of operators of values, on flat numbers of rows, with what is not in the kernels as the library for Node has it
around them: ``forward(x, labels, weights, list_weights)`` answers the output, ``backward(cotangent)`` the gradient.
"""

import numpy as np

from .checks import require_weights
from .errors import value_error
from .operators import operator
from .plan import Plan
from .variants import NoKernelError, variant_for


class KernelPass:
    """An operator that kernels carry out, row by row."""

    def __init__(self, op, dtype, rows):
        self.op = op
        entries = int(rows.entries(op.output)[-1]) if op.output == "pair" else rows.items
        variant = variant_for(op.name, op.described, op.params, rows.longest, entries)
        self.is_weighted = variant.get("weighted", False)
        self.plan = Plan(variant, op.params, dtype, rows)
        self.rows = rows
        self.bytes = self.plan.bytes

    def forward(self, x, labels, weights, list_weights):
        if weights is not None:
            require_weights(weights, self.rows)
            if not self.is_weighted and not (weights == 1).all():
                raise NoKernelError(self.op.name, "for item weights")
        plan = self.plan
        with plan.engine.lock:
            plan.view("x")[:] = x
            if self.is_weighted:
                plan.view("weights")[:] = 1 if weights is None else weights
            plan.forward()
            return plan.view("y").copy()

    def backward(self, cotangent):
        plan = self.plan
        with plan.engine.lock:
            plan.view("yBar")[:] = cotangent
            plan.backward()
            return plan.view("xBar").copy()


class StraightThrough:
    """The hard value forward, the soft gradient backward."""

    def __init__(self, op, dtype, rows):
        self.op = op
        self.soft = KernelPass(op, dtype, rows)
        kind = "rank" if op.kind == "rank" else "sort"
        self.hard = KernelPass(operator(f"{kind}:hard", {"direction": op.params["direction"]}), dtype, rows)
        self.bytes = self.soft.bytes + self.hard.bytes
        self.rows = rows
        self.dtype = dtype

    def forward(self, x, labels, weights, list_weights):
        if weights is not None and not (weights == 1).all():
            raise value_error(
                "weights: the hard operator, whose value straight-through gives, has none", "leave one of them out"
            )
        self.soft.forward(x, labels, weights, list_weights)
        firm = self.hard.forward(x, None, None, None)
        if self.op.kind in ("sort", "rank"):
            return firm
        plan = self.hard.plan
        with plan.engine.lock:
            order = plan.view("order").astype(np.int64)
        starts = np.repeat(self.rows.offsets[:-1].astype(np.int64), self.rows.lengths)
        place = np.arange(self.rows.items) - starts
        if self.op.kind == "topk":
            mask = np.empty(self.rows.items, self.dtype)
            mask[starts + order] = np.clip(self.op.params["k"] - place, 0, 1)
            return mask
        outputs = self.rows.entries("pair")
        matrix = np.zeros(int(outputs[-1]), self.dtype)
        lengths = np.repeat(self.rows.lengths, self.rows.lengths)
        matrix[np.repeat(outputs[:-1].astype(np.int64), self.rows.lengths) + place * lengths + order] = 1
        return matrix

    def backward(self, cotangent):
        return self.soft.backward(cotangent)


class Quantile:
    """Linear between two neighbours of the sorted values, in f64 whatever the precision."""

    def __init__(self, op, dtype, rows):
        self.op = op
        self.dtype = dtype
        sort = operator(
            f"sort:{op.method}", {**{k: v for k, v in op.params.items() if k != "q"}, "direction": "ascending"}
        )
        self.sort = value_pass(sort, np.dtype(np.float64), rows)
        self.bytes = self.sort.bytes
        if (rows.lengths == 0).any():
            row = int((rows.lengths == 0).argmax())
            raise value_error(f"values: row {row} is empty; expected at least one value to take a quantile of")
        h = np.outer(rows.lengths - 1, op.levels)
        starts = rows.offsets[:-1, None].astype(np.int64)
        self.lower = (starts + np.floor(h).astype(np.int64)).ravel()
        self.upper = (starts + np.ceil(h).astype(np.int64)).ravel()
        self.share = (h - np.floor(h)).ravel()
        self.items = rows.items

    def forward(self, x, labels, weights, list_weights):
        y = self.sort.forward(x.astype(np.float64), None, None, None)
        return ((1 - self.share) * y[self.lower] + self.share * y[self.upper]).astype(self.dtype)

    def backward(self, cotangent):
        wide = cotangent.astype(np.float64)
        bar = np.zeros(self.items)
        at = np.stack([self.lower, self.upper], axis=1).ravel()
        # One after another, so that sums of several levels come out as they do in the library for Node.
        np.add.at(bar, at, np.stack([(1 - self.share) * wide, self.share * wide], axis=1).ravel())
        return self.sort.backward(bar).astype(self.dtype)


def value_pass(op, dtype, rows):
    """Plans an operator of values for rows of one shape."""
    if op.kind == "quantile":
        return Quantile(op, dtype, rows)
    return StraightThrough(op, dtype, rows) if op.params.get("straight-through") else KernelPass(op, dtype, rows)
