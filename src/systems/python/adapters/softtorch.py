"""softtorch: soft sorts, ranks, permutations and top-k in PyTorch, by several methods."""

from soft_rows import rows_for

name = "softtorch"
backend = "torch"
python = "3.12"
needs = ["softtorch", "torch", "numpy"]
known = [
    {
        "when": lambda operation: operation["method"] in ("sinkhorn", "soft"),
        "what": "softtorch's gradients of method='ot' are wrong: its implicit solve is cut at 5 steps of conjugate gradients",
        "shows": "f = lambda x: softtorch.sort(x, method='ot', softness=.05, standardize=False).values.sum()\n"
        "# its directional derivative against (f(x + h v) - f(x - h v)) / 2h for 16 normal values",
    },
]


class Soft:
    """The functions, of the last axis."""

    def sort(self, x, **given):
        import softtorch

        return softtorch.sort(x, dim=-1, return_indices=False, **given).values

    def rank(self, x, **given):
        import softtorch

        return softtorch.rank(x, dim=-1, **given)

    def argsort(self, x, **given):
        import softtorch

        return softtorch.argsort(x, dim=-1, **given)

    def top(self, x, k, **given):
        import softtorch

        return softtorch.topk(x, k, dim=-1, **given).indices.sum(-2)


rows = rows_for(Soft(), "softtorch")
