"""ott-jax: soft sorts and ranks by entropic transport in one dimension."""

from adapter_rows import OPPOSITE, Row, signed_ranks, signed_sort

name = "ott-jax"
backend = "jax"
needs = ["ott-jax", "jax", "numpy"]
imports = ["ott"]
known = [
    {
        "when": lambda operation: operation["operator"] == "sort",
        "what": "ott-jax's gradient of soft_sort.sort raises with its default initializer (a while_loop); ours names another",
        "shows": "jax.grad(lambda x: ott.tools.soft_sort.sort(x)[0])(jnp.arange(4.))",
    },
    {
        "what": "ott-jax's gradient raises, or keeps 4 digits, where the transport is nearly hard: its linear solve is singular",
        "shows": "jax.grad(lambda x: soft_sort.sort(x, epsilon=.01, squashing_fun=lambda x: x, initializer=DefaultInitializer())[0])(\n"
        "    jnp.array([1., 2.]))",
    },
    {
        "what": "ott-jax cannot sort or rank a single item",
        "shows": "soft_sort.ranks(jnp.ones(1))  # axis 1 is out of bounds",
    },
]

EXACT = {"threshold": 1e-12, "max_iterations": 200000}


def squashing(params):
    if params["squash"] == "sigmoid":
        return {}
    return {"squashing_fun": lambda x: x}


def ranks(params, n):
    from ott.tools import soft_sort

    given = {"epsilon": params["epsilon"], **squashing(params), **EXACT}
    return signed_ranks(lambda x: soft_sort.ranks(x, axis=-1, **given) + 1, params)


def sort(params, n):
    from ott.initializers.linear import initializers
    from ott.tools import soft_sort

    given = {"epsilon": params["epsilon"], **squashing(params), **EXACT, "initializer": initializers.DefaultInitializer()}
    return signed_sort(lambda x: soft_sort.sort(x, axis=-1, **given), params)


READS = ("epsilon", "squash", "direction", "iterations", "tolerance")
ONLY = {"cost": ("square",), "squash": ("none", "sigmoid")}
rows = {
    "rank:sinkhorn": Row(
        "soft_sort.ranks(x, epsilon=, squashing_fun=identity, threshold=1e-12) + 1", ranks, READS, ONLY,
        ("its ranks begin at 0", "its default threshold of 1e-3 is 5e-4 off", OPPOSITE), ("f64",), "f32",
    ),
    "sort:sinkhorn": Row(
        "soft_sort.sort(x, epsilon=, squashing_fun=identity, threshold=1e-12, initializer=DefaultInitializer())", sort, READS,
        ONLY, ("its default threshold of 1e-3 is 5e-4 off", OPPOSITE), ("f64",), "f32",
    ),
}  # fmt: skip
