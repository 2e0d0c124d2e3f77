"""Operators at given parameters: names and selectors, resolved once."""

from functools import lru_cache

import numpy as np

from .errors import usage_error
from .params import number, parse_selector, resolve, text_of
from .variants import described


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
