"""
Functions for every operator, named and documented by the description: ``sort.neuralsort(x, tau=1.0)``,
``loss.listnet(scores, labels)``. numpy, PyTorch and JAX each hand in how one is applied; names, defaults and meanings
come from ``operators.json``.
"""

import inspect

from .assets import description
from .operators import operator
from .params import describe_range, python_name

_kinds = ("sort", "rank", "matrix", "topk", "quantile", "loss")
_titles = {
    "sort": "Values in order, differentiable in the values",
    "rank": "Ranks from 1, differentiable in the values",
    "matrix": "Relaxed permutation, rows are positions and columns items",
    "topk": "Soft mask of the k selected items",
    "quantile": "Quantile of each row, differentiable in the values",
    "loss": "Learning-to-rank loss of scores under labels",
}


class Family:
    """The methods of one operator, e.g. ``rank_bench.sort``."""

    def __init__(self, kind, functions):
        self.__name__ = kind
        self.__doc__ = _titles[kind]
        self.__dict__.update(functions)

    def __repr__(self):
        return f"<{self.__name__}: {', '.join(name for name in vars(self) if not name.startswith('_'))}>"


def _signature(described, extras):
    keyword, positional = inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD
    first = ("scores", "labels") if described["labels"] else ("values",)
    own = [
        inspect.Parameter(python_name(name), keyword, default=spec["default"])
        for name, spec in described["params"].items()
    ]
    return inspect.Signature(
        [inspect.Parameter(name, positional) for name in first]
        + own
        + [inspect.Parameter(name, keyword, default=default) for name, default in extras.items()]
    )


def _documentation(name, described, about):
    lines = [f"{_titles[name.split(':')[0]]}: ``{name}``.", ""]
    lines += [
        f"{python_name(param)}: {describe_range(spec)}, default {spec['default']}; {spec['meaning']}"
        for param, spec in described["params"].items()
    ]
    return "\n".join([*lines, "", about])


def families(call, extras, about, home):
    """
    Namespaces of functions by operator. ``call(op, values, labels, **extras)`` applies one; ``extras`` are the
    keyword arguments, with defaults, that are no parameters of an operator; ``home`` is the module where people find
    them.
    """
    content = description()
    made = {kind: {} for kind in _kinds}
    for name, described in {**content["operators"], **content["composed"]}.items():
        kind, method = name.split(":")
        made[kind][python_name(method)] = _named(
            _function(name, described, call, extras, about), home, f"{kind}.{python_name(method)}"
        )
    return {kind: Family(kind, functions) for kind, functions in made.items()}


def _named(function, home, path):
    """The function as it is found there: what it prints as, and what a pickle of it says."""
    function.__module__, function.__qualname__, function.__name__ = home, path, path.split(".")[-1]
    return function


def _function(name, described, call, extras, about):
    def apply(values, labels=None, **given):
        options = {key: given.pop(key, default) for key, default in extras.items()}
        return call(operator(name, given), values, labels, **options)

    apply.__doc__ = _documentation(name, described, about)
    apply.__signature__ = _signature(described, extras)
    return apply


#: Convenience functions, and the method that each takes unless told.
presets = {
    "soft_sort": ("sort", "permutahedron"),
    "soft_rank": ("rank", "permutahedron"),
    "soft_permutation": ("matrix", "softsort"),
    "soft_top_k": ("topk", "lapsum"),
    "soft_quantile": ("quantile", "permutahedron"),
}


def conveniences(call, extras, home):
    """``soft_sort``, ``soft_rank``, ..., whose method is an argument, and ``ranking_loss`` and ``spearman_loss``."""

    def preset_of(kind, preset):
        def apply(values, *, method=preset, **given):
            options = {key: given.pop(key, default) for key, default in extras.items()}
            return call(operator(f"{kind}:{method}", given), values, None, **options)

        apply.__doc__ = f"{_titles[kind]}; ``method`` names who, by default {preset}. As ``{kind}.<method>``."
        return apply

    def ranking_loss(loss, scores, labels, **given):
        """
        Any learning-to-rank loss by name, e.g. ``ranking_loss('approx-ndcg', scores, labels, alpha=10)``; mean
        over the lists.
        """
        options = {key: given.pop(key, default) for key, default in extras.items()}
        return call(operator(f"loss:{loss}", given), scores, labels, **options)

    def spearman_loss(scores, labels, **given):
        """1 less the Spearman correlation with soft ranks, mean over the lists. ``rank`` selects the soft rank."""
        return ranking_loss("spearman", scores, labels, **given)

    found = {name: preset_of(kind, preset) for name, (kind, preset) in presets.items()}
    found.update(ranking_loss=ranking_loss, spearman_loss=spearman_loss)
    return {name: _named(function, home, name) for name, function in found.items()}
