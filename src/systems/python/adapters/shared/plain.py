"""What is written in plain PyTorch: operators as their authors write them, losses on padded lists."""

# Differences or matrices of all pairs are stored: beyond this many entries PyTorch runs out of memory.
MOST_ENTRIES = 1.5e8
DENSE = ("sigmoid", "neuralsort", "softsort")
OPERATORS = ("sort:hard", "rank:sigmoid", "sort:neuralsort", "rank:neuralsort", "sort:softsort", "rank:softsort")
LOSSES = (
    "listnet", "softmax", "listmle", "ranknet", "pairwise-logistic", "pairwise-hinge", "kendall", "lambdarank", "lambdaloss",
    "approx-ndcg", "approx-mrr", "neural-ndcg", "pirank", "soft-ndcg", "smoothi-ndcg", "smoothi-precision",
    "permutation-cross-entropy", "topk-cross-entropy", "pointwise-mse", "pointwise-bce", "ordinal",
)  # fmt: skip
# Parameters of losses of which one value is written here.
ONLY = {
    "reduction": "mean", "ties": "file-order", "scheme": "ndcg2", "gain": "exp2", "normalise": True, "k": 0, "depth": 1, "transposed": False,
    "matrix": "softsort", "operator": "softsort", "p_k": "1",
}  # fmt: skip


def offers(operation):
    """True, or why not. Standard library only: asked before anything is imported."""
    params, size = operation["params"], operation["dataset"]["params"]
    if operation["method"] in DENSE and size.get("batch", 1) * size.get("n", 1) ** 2 > MOST_ENTRIES:
        return "a matrix of all pairs of these rows does not fit into memory"
    if operation["operator"] == "loss":
        if operation["method"] not in LOSSES:
            return f'no loss "{operation["method"]}" is written here in PyTorch'
        other = [key for key, value in ONLY.items() if key in params and params[key] != value]
        return f"only {other[0]}={ONLY[other[0]]} is written here in PyTorch" if other else True
    if size.get("ragged"):
        return "rows of one length only"
    if f'{operation["operator"]}:{operation["method"]}' not in OPERATORS:
        return f'{operation["operator"]}:{operation["method"]} is not written here in PyTorch'
    if params.get("direction") != "ascending" or params.get("straight-through") is True:
        return "ascending, with its own gradient, only"
    return True if params.get("power", 1) == 1 else "power 1 only"


def build(operation, labels=None, mask=None):
    """A function of one (batch, n) tensor: the operator, or the losses of all lists."""
    if operation["operator"] == "loss":
        from torch_losses import list_losses

        return list_losses(operation["method"], operation["params"], labels, mask)
    from torch_operators import function_of

    return function_of(operation)


def kept_entries(operation):
    """Numbers that a recorded graph holds: a matrix of all pairs, or one a rank."""
    if operation["method"] == "hard":
        return 0
    power = 3 if operation["method"] == "soft-ndcg" else 2
    return 4 * operation["batch"] * operation["n"] ** power
