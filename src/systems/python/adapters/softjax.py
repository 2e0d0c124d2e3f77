"""softjax: soft sorts, ranks, permutations and top-k in JAX, by several methods."""

from soft_rows import rows_for

name = "softjax"
backend = "jax"
python = "3.12"
needs = ["softjax", "jax", "numpy"]
known = [
    {
        "when": lambda operation: operation["method"] in ("sinkhorn", "soft"),
        "what": "softjax's gradients of method='ot' raise in f32 (its linear solve is singular) and keep 5 digits in f64",
        "shows": "jax.grad(lambda x: softjax.sort(x, method='ot', softness=.1, standardize=False)[0])(jnp.arange(16.))",
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
