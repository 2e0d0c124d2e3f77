"""
Operators at given parameters, on flat numbers of rows: what is not in the kernels, as the library for Node has it
around them (reductions, list weights, checks of labels; quantiles, Spearman, cross entropies of permutations;
straight-through).
"""

import threading
from collections import OrderedDict, deque
from functools import lru_cache

import numpy as np

from .engine import engine as engine_here
from .errors import usage_error, value_error
from .params import number, parse_selector, resolve, text_of
from .plan import Plan, Rows
from .variants import NoKernelError, all_meet, described, variant_for


class Operator:
    """One operator with every parameter resolved; the same object for the same selector."""

    def __init__(self, name, params):
        self.name = name
        self.described = described(name)
        self.params = resolve(self.described["params"], params, name)
        self.output = self.described["output"]
        self.by = self.described["by"]
        self.has_labels = self.described["labels"]
        self.is_weighted = self.described["weighted"]
        self.kind, self.method = name.split(":")
        self._check_params()

    def _check_params(self):
        if self.kind == "quantile":
            self.levels, self.separate = levels_of(self.params["q"])
        if self.name == "loss:topk-cross-entropy":
            self.shares = shares_of(self.params["p_k"])
        if "of" in self.described and "{" in self.described["of"]:
            self.inner = _inner(self)
        self.ignored = ignored_label(self.params.get("ignore"))

    def __repr__(self):
        space = self.described["params"]
        given = [f"{name}={value}" for name, value in self.params.items() if value != space[name]["default"]]
        return f"{self.name}[{','.join(given)}]" if given else self.name


@lru_cache(1024)
def _operator(name, given):
    return Operator(name, dict(given))


def operator(name, given):
    """The operator of that name at those parameters. Raises RankBenchError on a name or value that is none."""
    # As text: 1 and True are one key, and lists are none.
    return _operator(name, tuple(sorted((param, text_of(value)) for param, value in given.items())))


def select(selector):
    """The operator that ``operator:method[param=value]`` names."""
    name, given = parse_selector(selector)
    return operator(name, given)


def _inner(outer):
    """The operator that a loss selects by a parameter, e.g. ``rank=sigmoid[strength=0.1]``."""
    kind, _, parameter = outer.described["of"].partition(":")
    selector = str(outer.params[parameter.strip("{}")])
    return select(selector if selector.startswith(f"{kind}:") else f"{kind}:{selector}")


def levels_of(q):
    """The levels that ``q`` names; separate when it is a list, also of one."""
    text = str(q)
    return [float(word) for word in text.split("x") if word], isinstance(q, str) and "x" in q


def shares_of(text):
    """``0.5x0x0.5`` to P(K >= k), then P(K = k), for k = 1, 2, ..."""
    words = [number(word) for word in str(text).split("x")]
    shares = np.array([np.nan if word is None else word for word in words])
    total = 0.0
    for share in shares:
        total += share
    if not (np.all(shares >= 0) and abs(total - 1) < 1e-9):
        raise usage_error(
            f'loss:topk-cross-entropy: p_k is "{text}"; expected probabilities of k = 1, 2, ... that sum to 1',
            "e.g. p_k=0.5x0x0x0x0.5",
        )
    shares = shares / total
    return np.concatenate([np.minimum(1, np.cumsum(shares[::-1])[::-1]), shares])


def ignored_label(given):
    """The label of items that take no part, or None."""
    if given in (None, "none"):
        return None
    label = number(str(given))
    if label is None:
        raise usage_error(f'ignore is "{given}"; expected a label, or none', "e.g. ignore=-1")
    return label


# ---- what a pass is given


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


# ---- passes: forward(x, labels, weights, list_weights) answers the output, backward(cotangent) the gradient


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
        self.sort = make_pass(sort, np.dtype(np.float64), rows)
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
        self.ranks = make_pass(op.inner, wide, rows)
        self.of_labels = make_pass(op.inner, wide, rows) if op.params["target"] == "soft" else None
        if self.of_labels is None:
            direction = op.inner.params.get("direction", "ascending")
            self.of_labels = make_pass(operator("rank:hard", {"direction": direction}), wide, rows)
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


def require_kernel(op, n):
    """Raises NoKernelError, before anything is computed, where no kernel covers rows of n items."""
    if "of" not in op.described:
        variant_for(op.name, op.described, op.params, n, n * n)


def make_pass(op, dtype, rows):
    """Plans an operator for rows of one shape."""
    if op.kind == "quantile":
        return Quantile(op, dtype, rows)
    if op.params.get("straight-through"):
        return StraightThrough(op, dtype, rows)
    if not op.has_labels:
        return KernelPass(op, dtype, rows)
    if op.method == "spearman":
        return Spearman(op, dtype, rows)
    return PermutationLoss(op, dtype, rows) if "of" in op.described else LossKernelPass(op, dtype, rows)


# ---- leases: a pass holds what its backward needs, so that it is one graph's until nobody needs it


class Lease:
    """A pass that nobody else uses; when it is forgotten the next one who asks for such a pass gets it."""

    __slots__ = ("pass_", "_pool", "_key")

    def __init__(self, pass_, pool, key):
        self.pass_, self._pool, self._key = pass_, pool, key

    def __del__(self):
        self._pool.append((self._key, self.pass_))


#: Idle passes of a thread beyond these are let go, those of the shape that was asked for longest ago first.
most_idle, most_idle_bytes = 64, 2**28


class Passes:
    """Idle passes of a thread."""

    def __init__(self):
        self._returned = deque()
        self._idle = OrderedDict()
        self._count, self._bytes = 0, 0

    def lease(self, op, dtype, rows):
        key = (id(op), op, dtype.char, rows.key)
        self._take_back()
        idle = self._idle.get(key)
        if idle:
            found = idle.pop()
            if not idle:
                del self._idle[key]
            self._count -= 1
            self._bytes -= found.bytes
        else:
            found = make_pass(op, dtype, rows)
        return Lease(found, self._returned, key)

    def _take_back(self):
        while self._returned:
            key, back = self._returned.popleft()
            self._idle.setdefault(key, []).append(back)
            self._idle.move_to_end(key)
            self._count += 1
            self._bytes += back.bytes
        while self._count > most_idle or self._bytes > most_idle_bytes:
            key, idle = next(iter(self._idle.items()))
            self._bytes -= idle.pop().bytes
            self._count -= 1
            if not idle:
                del self._idle[key]


_local = threading.local()


def lease(op, dtype, rows):
    """A pass for rows of that shape, planned anew where none is idle in this thread."""
    engine = engine_here()
    if getattr(_local, "engine", None) is not engine:
        _local.engine, _local.passes = engine, Passes()
    return _local.passes.lease(op, dtype, rows)


@lru_cache(256)
def regular_rows(count, length):
    """``count`` rows of ``length`` items."""
    return Rows(np.full(count, length))
