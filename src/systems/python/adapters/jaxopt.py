"""jaxopt: the projection onto a box section, of which a sparse top-k mask is one."""

from adapter_rows import Row

name = "jaxopt"
backend = "jax"
needs = ["jaxopt", "jax", "numpy"]
known = [
    {
        "what": "jaxopt's projections raise on current JAX where what is differentiated is a compiled function, and have no forward"
        " mode; a gradient that is compiled whole is right",
        "shows": "jax.grad(lambda x: jax.jit(projection.projection_box_section)(x, (0., 1., jnp.ones(3), 1.))[0])(jnp.zeros(3))",
    },
    {
        "when": lambda operation: operation["precision"] == "f32",
        "what": "jaxopt's bisection does not look whether its bracket holds a root: in f32 rounding moves that out where"
        " values pass 1e8 lambda (37 of 300 random rows of 3), and too many items are selected",
        "shows": "jax.jit(jax.vmap(lambda x: projection.projection_box_section(x / 1e-9, (0., 1., jnp.ones(3), 1.))))(\n"
        "    jnp.array([[.517, -2.47, 1.82]]))  # [1, 1, 1]",
    },
]


def mask(params, n):
    import jax
    import jax.numpy as jnp
    from jaxopt import projection

    scale, k = params["lambda"], float(params["k"])
    ones = jnp.ones(n)
    return jax.vmap(lambda x: projection.projection_box_section(x / scale, (0.0, 1.0, ones, k)))


rows = {
    "topk:sparse": Row(
        "projection.projection_box_section(x / lambda, (0, 1, ones, k))", mask, ("k", "lambda"),
        {"p": ("2",), "direction": ("descending",)}, ("a row at a time under vmap",), rounding="f32",
    )
}  # fmt: skip
