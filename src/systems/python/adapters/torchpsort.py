"""torchpsort: torchsort's operators and a soft quantile, isotonic regression compiled by numba at the first call."""

from adapter_rows import OPPOSITE, Row, signed_ranks, signed_sort

name = "torchpsort"
backend = "torch"
python = "3.12"
needs = ["torchpsort", "torch", "numpy", "numba"]
known = [
    {
        "when": lambda operation: operation["precision"] == "f32" and operation["params"].get("strength", 1) <= 1e-2,
        "what": "torchpsort in f32 loses digits at small strengths: sorted values are 1e-2 off at strength 1e-3",
        "shows": "torchpsort.soft_sort(torch.randn(1, 100), tau=1e-3)",
    },
]


def function(which, params):
    import torchpsort

    call = getattr(torchpsort, which)
    return lambda values: call(values, tau=params["strength"], reg=params["regularization"])


def quantile(params, n):
    import torchpsort

    return lambda values: torchpsort.soft_quantile(values, params["q"], params["strength"])


READS = ("regularization", "strength", "direction")
rows = {
    "sort:permutahedron": Row(
        "torchpsort.soft_sort(x, tau=strength, reg=regularization)",
        lambda params, n: signed_sort(function("soft_sort", params), params),
        READS,
        notes=(OPPOSITE,),
    ),
    "rank:permutahedron": Row(
        "torchpsort.soft_rank(x, tau=strength, reg=regularization)",
        lambda params, n: signed_ranks(function("soft_rank", params), params),
        READS,
        notes=(OPPOSITE,),
    ),
    "quantile:permutahedron": Row(
        "torchpsort.soft_quantile(x, q, strength)", quantile, ("q", "strength"), only={"regularization": ("l2",)}
    ),
}
