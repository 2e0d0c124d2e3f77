"""torchsort: soft sort and soft rank on the permutahedron, ascending, rows of one length."""

from adapter_rows import OPPOSITE, Row, signed_ranks, signed_sort

name = "torchsort"
backend = "torch"
needs = ["torchsort", "torch", "numpy"]


def is_single(operation):
    return operation["precision"] == "f32"


known = [
    {
        "when": is_single,
        "what": "torchsort in f32 finds the pooled blocks again from rounded values in its backward pass, and its kl kernels"
        " sum exponentials without subtracting the largest: NaN where the spread of the values over the strength passes 88",
        "shows": "x = torch.tensor([[0., 100.]], requires_grad=True)\n"
        "y = torchsort.soft_rank(x, regularization='kl', regularization_strength=1.)\n"
        "torch.autograd.grad(y[0, 0], x)  # nan",
    }
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
