"""torchsort: soft sort and soft rank on the permutahedron, ascending, rows of one length."""

name = "torchsort"
backend = "torch"
needs = ["torchsort", "torch", "numpy"]

known = [
    "known of torchsort in f32: its backward pass finds the pooled blocks again from rounded values, and its kl kernels sum"
    " exponentials without subtracting the largest; measure in f64 to see whether a disagreement is one of rounding",
]


def offers(operation):
    """True, or why not. Standard library only: asked before anything is imported."""
    if operation["method"] != "permutahedron" or operation["operator"] not in ("sort", "rank"):
        return "torchsort has soft sorts and soft ranks on the permutahedron only"
    if operation["params"]["direction"] != "ascending":
        return "torchsort sorts and ranks ascending only"
    if operation["dataset"]["params"].get("ragged"):
        return "torchsort takes rows of one length"
    return True


def build(operation):
    """A function of one (batch, n) tensor."""
    import torchsort

    function = {"sort": torchsort.soft_sort, "rank": torchsort.soft_rank}[operation["operator"]]
    params = operation["params"]
    regularization, strength = params["regularization"], params["strength"]
    return lambda values: function(values, regularization=regularization, regularization_strength=strength)


def kept_entries(operation):
    """Numbers that a recorded graph holds: no matrix of pairs."""
    return 0
