"""entmax: sparse projections onto the simplex, of which a sparse top-1 mask is one."""

from adapter_rows import Row

name = "entmax"
backend = "torch"
needs = ["entmax", "torch", "numpy"]


def sparse(params, n):
    import entmax

    scale = params["lambda"]
    if params["p"] == "2":
        return lambda x: entmax.sparsemax(x / scale, dim=-1)
    return lambda x: entmax.entmax_bisect(3 * x / scale, alpha=4 / 3, dim=-1, n_iter=100)


rows = {
    "topk:sparse": Row(
        "sparsemax(x / lambda); p = 4/3: entmax_bisect(3 x / lambda, alpha=4/3)",
        sparse,
        ("lambda", "p"),
        {"k": (1,), "direction": ("descending",)},
        ("k = 1 is the simplex",),
    )
}
