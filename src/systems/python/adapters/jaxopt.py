"""jaxopt: the projection onto a box section, of which a sparse top-k mask is one."""

from adapter_rows import Row

name = "jaxopt"
backend = "jax"
needs = ["jaxopt", "jax", "numpy"]
jitted = False
known = [
    "jaxopt's projections fail under jit of a vjp and under vmap on current JAX: called a row at a time, without jit; the"
    " project no longer releases",
]


def mask(params, n):
    import jax.numpy as jnp
    from jaxopt import projection

    scale, k = params["lambda"], float(params["k"])
    ones = jnp.ones(n)
    one = lambda x: projection.projection_box_section(x / scale, (0.0, 1.0, ones, k))  # noqa: E731
    return lambda x: jnp.stack([one(row) for row in x])


def whole(operation):
    return True if operation["dataset"]["params"].get("batch", 1) <= 4 else "a row at a time: at most 4 rows"


rows = {
    "topk:sparse": Row(
        "projection.projection_box_section(x / lambda, (0, 1, ones, k))", mask, ("k", "lambda"),
        {"p": ("2",), "direction": ("descending",)}, rounding="f32", when=whole,
    )
}  # fmt: skip
