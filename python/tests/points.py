"""
Where gradients are held to differences: every operator at its defaults, and with one parameter that its kernels read
at another value.
"""

import numpy as np
from rank_bench import NoKernelError
from rank_bench.assets import description
from rank_bench.leases import make_pass
from rank_bench.operators import operator
from rank_bench.plan import Rows
from rank_bench.variants import params_read

_content = description()

#: By design the gradient is not the derivative of the value: weights of pairs are constants, ranks before are, hard
#: values are.
surrogates = {
    ("loss:lambdarank", None): "weights of pairs count as constants",
    ("loss:lambdaloss", None): "weights of pairs count as constants",
    ("*", "straight-through"): "hard value forward, soft gradient backward",
    ("*", "error-free"): "hard value forward, soft gradient backward",
    ("*", "stop-gradient"): "no gradient through the ranks before; stop-gradient=False is tried instead",
}

#: Softness at which the operator is far from its kinks and its iterations end.
_calm = {"epsilon": 0.1, "tolerance": 1e-12, "iterations": 20000}


def _values(spec):
    if spec["kind"] == "choice":
        return [choice for choice in spec["choices"] if choice != spec["default"]]
    if spec["kind"] == "flag":
        return [not spec["default"]]
    if spec["kind"] == "number" and spec["default"]:
        return [
            value
            for value in (spec["default"] * 2, spec["default"] / 2)
            if not spec.get("integer") or value == int(value)
        ]
    return []


def _has_kernel(name, params):
    try:
        make_pass(operator(name, params), np.dtype(np.float64), Rows([5]))
        return True
    except (NoKernelError, ValueError):
        return False


def points():
    for name, described in {**_content["operators"], **_content["composed"]}.items():
        space = described["params"]
        if (name, None) in surrogates:
            continue
        read = params_read(described.get("kernels", ())) if "kernels" in described else set(space)
        base = {param: value for param, value in _calm.items() if param in space and param in read}
        if "stop-gradient" in space:
            base["stop-gradient"] = False
        changed = [
            {**base, param: value}
            for param, spec in space.items()
            for value in _values(spec)
            if ("*", param) not in surrogates and param not in _calm
        ]
        for params in [base, *changed]:
            if _has_kernel(name, params):
                yield name, params


def exact(name):
    """The points of one operator."""
    return [params for found, params in points() if found == name]


names = sorted({name for name, _ in points()})
