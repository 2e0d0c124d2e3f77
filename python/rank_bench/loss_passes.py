"""
Passes of losses: ``forward(x, labels, weights)`` answers one f64 a list, ``backward(scales)`` the gradient, each list's
multiplied by its scale.
"""

import numpy as np

from .checks import require_grades, require_weights
from .operators import operator
from .passes import value_pass
from .plan import Plan
from .variants import NoKernelError, all_meet, variant_for


class LossKernelPass:
    """A loss that kernels carry out: one f64 a list."""

    #: Lists are multiplied by their share of a mean before they are added, not after.
    shares_early = False

    def __init__(self, op, dtype, rows):
        self.op = op
        self.rows = rows
        self.variant = self._variant(op, rows)
        self.plan = Plan(self.variant, self._fields_from(op), dtype, rows)
        self.bytes = self.plan.bytes
        self.has_flag = "negative-labels" in op.params
        self.wants_grades = not (self.has_flag and op.params["negative-labels"])

    def _variant(self, op, rows):
        return variant_for(op.name, op.described, op.params, rows.longest, rows.items)

    def _fields_from(self, op):
        return op.params

    def _require(self, labels, weights):
        if self.wants_grades:
            require_grades(labels, self.rows, self.has_flag)
        if weights is not None:
            require_weights(weights, self.rows)

    def forward(self, x, labels, weights):
        # The kernel answers NaN for a list whose labels are no grades.
        late = self.variant.get("checksList") and not self.has_flag
        if not late:
            self._require(labels, weights)
        plan = self.plan
        with plan.engine.lock:
            plan.view("x")[:] = x
            plan.view("labels")[:] = labels
            plan.view("weights")[:] = 1 if weights is None else weights
            plan.forward()
            losses = plan.view("y").copy()
        if late and np.isnan(losses).any():
            self._require(labels, weights)
        return losses

    def backward(self, scales):
        plan = self.plan
        with plan.engine.lock:
            plan.view("yBar")[:] = scales
            plan.backward()
            return plan.view("xBar").copy()


class PermutationLoss(LossKernelPass):
    """A cross entropy of the relaxed permutation that a parameter selects."""

    def _variant(self, op, rows):
        inner = op.inner
        for variant in op.described["kernels"]:
            of_inner = variant["of"] == inner.name and all_meet(variant["when"], inner.params)
            others = {"tau", "direction", "power", "samples"}
            space = inner.described["params"]
            plain = all(value == space[name]["default"] for name, value in inner.params.items() if name not in others)
            if of_inner and plain:
                return self._at(variant, op)
        raise NoKernelError(op.name, f"over {inner}")

    def _at(self, variant, op):
        shares = op.shares if op.method == "topk-cross-entropy" else None
        count = 0 if shares is None else len(shares) // 2
        return {
            **variant,
            "output": "list",
            "set": {**variant["set"], "count": count},
            "given": {} if shares is None else {"ofFirst": shares},
        }

    def _fields_from(self, op):
        return op.inner.params


class Spearman:
    """
    1 less the correlation of soft ranks with the ranks of the labels, list by list; all sums run from the first
    item on.
    """

    shares_early = True

    def __init__(self, op, dtype, rows):
        self.op = op
        self.rows = rows
        self.dtype = dtype
        wide = np.dtype(np.float64)
        self.ranks = value_pass(op.inner, wide, rows)
        self.of_labels = value_pass(op.inner, wide, rows) if op.params["target"] == "soft" else None
        if self.of_labels is None:
            direction = op.inner.params.get("direction", "ascending")
            self.of_labels = value_pass(operator("rank:hard", {"direction": direction}), wide, rows)
        self.bytes = self.ranks.bytes + self.of_labels.bytes
        self.present = np.arange(rows.longest) < rows.lengths[:, None]

    def _pad(self, flat):
        padded = np.zeros(self.present.shape)
        padded[self.present] = flat
        return padded

    def _sum(self, padded):
        return np.cumsum(padded, axis=1)[:, -1:] if self.rows.longest else np.zeros((self.rows.count, 1))

    def _normalised(self, weights):
        heaviest = weights.max(axis=1, keepdims=True, initial=0)
        out = np.divide(weights, heaviest, out=np.zeros_like(weights), where=heaviest > 0)
        total = self._sum(out)
        return out / np.where(total == 0, 1, total)

    def _centred(self, x, w):
        weighs = w > 0
        mean = self._sum(np.where(weighs, w * x, 0))
        low = np.where(weighs, x, np.inf).min(axis=1, keepdims=True, initial=np.inf)
        high = np.where(weighs, x, -np.inf).max(axis=1, keepdims=True, initial=-np.inf)
        moved = x - mean
        norm = np.sqrt(self._sum(np.where(weighs, w * moved * moved, 0)))
        # A few units in the last place of ranks are noise.
        spread = np.where(np.isfinite(high), high - low, 0)
        return moved, np.where(spread <= 8 * 2.0**-52 * np.where(np.isfinite(high), high, 0), 0, norm)

    def forward(self, x, labels, weights):
        if not self.op.params["negative-labels"]:
            require_grades(labels, self.rows, True)
        if weights is not None:
            require_weights(weights, self.rows)
        wide = labels.astype(np.float64)
        ranks = self.ranks.forward(x.astype(np.float64), None, None, None)
        target = self.of_labels.forward(wide, None, None, None)
        w = self._normalised(self._pad(np.ones_like(wide) if weights is None else weights))
        a, norm_a = self._centred(self._pad(ranks), w)
        b, norm_b = self._centred(self._pad(target), w)
        both = (norm_a > 0) & (norm_b > 0)
        rho = np.divide(self._sum(w * a * b), norm_a * norm_b, out=np.zeros_like(norm_a), where=both)
        self._left = (w, a, b, norm_a, norm_b, rho, both)
        return np.where(norm_b > 0, 1 - rho, 0)[:, 0]

    def backward(self, scales):
        w, a, b, norm_a, norm_b, rho, both = self._left
        over_a, over_b = np.where(both, norm_a, 1), np.where(both, norm_b, 1)
        bar = (-scales[:, None] * w * (b / over_b - (rho * a) / over_a)) / over_a
        return self.ranks.backward(np.where(both, bar, 0)[self.present]).astype(self.dtype)


def loss_pass(op, dtype, rows):
    """Plans a loss for rows of one shape."""
    if op.method == "spearman":
        return Spearman(op, dtype, rows)
    return PermutationLoss(op, dtype, rows) if "of" in op.described else LossKernelPass(op, dtype, rows)
