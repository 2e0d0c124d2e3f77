"""softjax: soft sorts, ranks, permutations and top-k in JAX, by several methods."""

from soft_rows import rows_for

name = "softjax"
backend = "jax"
python = "3.12"
needs = ["softjax", "jax", "numpy"]
known = [
    {
        "when": lambda operation: operation["method"] in ("sinkhorn", "soft"),
        "what": "softjax's gradients of method='ot' raise in f32 (its linear solve is singular), in f64 keep 4 to 5 digits at softness"
        " 0.1 and 0.01, and none where values are far from 0",
        "shows": "jax.grad(lambda x: softjax.sort(x, method='ot', softness=.1, standardize=False)[0])(jnp.arange(16.))",
    },
    {
        "when": lambda operation: operation["method"] in ("sinkhorn", "soft"),
        "what": "softjax's method='ot' gives NaN where tied values are large",
        "shows": "softjax.sort(jnp.full(2, 5e18), method='ot', softness=.01, standardize=False)",
    },
    {
        "when": lambda operation: operation["operator"] == "matrix" and operation["method"] == "softsort",
        "what": "softjax's matrix of method='softsort' has gradients of the wrong sign at tied values in the second of their rows",
        "shows": "jax.jacrev(lambda x: softjax.argsort(x, method='softsort', softness=1., standardize=False, descending=True))("
        "jnp.zeros(2))[1]"
        "  # [[.25, -.25], [-.25, .25]]; at 1e-6, 0 it is [[-.25, .25], [.25, -.25]]",
    },
]


class Soft:
    """The functions, of the last axis."""

    def sort(self, x, **given):
        import softjax

        return softjax.sort(x, axis=-1, **given)

    def rank(self, x, **given):
        import softjax

        return softjax.rank(x, axis=-1, **given)

    def argsort(self, x, **given):
        import softjax

        return softjax.argsort(x, axis=-1, **given)

    def top(self, x, k, **given):
        import softjax

        return softjax.top_k(x, k, axis=-1, **given)[1].sum(-2)


rows = rows_for(Soft(), "softjax")
