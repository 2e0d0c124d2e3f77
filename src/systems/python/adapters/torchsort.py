"""torchsort: soft sort and soft rank on the permutahedron, ascending, rows of one length."""

from adapter_rows import OPPOSITE, Row, signed_ranks, signed_sort

name = "torchsort"
backend = "torch"
needs = ["torchsort", "torch", "numpy"]


known = [
    {
        "when": lambda operation: operation["params"]["regularization"] == "kl",
        "what": "torchsort's kl kernels sum exponentials without subtracting the largest: NaN gradients where the spread of the"
        " values over the strength passes 88 in f32, 709 in f64",
        "shows": "x = torch.tensor([[0., 100.]], requires_grad=True)\n"
        "y = torchsort.soft_rank(x, regularization='kl', regularization_strength=1.)\n"
        "torch.autograd.grad(y[0, 0], x)  # nan",
    },
    {
        "when": lambda operation: operation["precision"] == "f32",
        "what": "torchsort's backward pass finds the pooled blocks again from values that f32 has rounded",
        "shows": "the same in float64 agrees",
    },
]


def function(which, params):
    import torchsort

    call = getattr(torchsort, which)
    given = {"regularization": params["regularization"], "regularization_strength": params["strength"]}
    return lambda values: call(values, **given)


READS = ("regularization", "strength", "direction")
rows = {
    "sort:permutahedron": Row(
        "torchsort.soft_sort(x, regularization=, regularization_strength=strength)",
        lambda params, n: signed_sort(function("soft_sort", params), params),
        READS,
        notes=(OPPOSITE,),
    ),
    "rank:permutahedron": Row(
        "torchsort.soft_rank(x, regularization=, regularization_strength=strength)",
        lambda params, n: signed_ranks(function("soft_rank", params), params),
        READS,
        notes=(OPPOSITE,),
    ),
}
