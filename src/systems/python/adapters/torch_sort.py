"""torch.sort, the floor of what is made of a sort in PyTorch."""

from adapter_rows import Row

name = "torch.sort"
backend = "torch"
needs = ["torch", "numpy"]
imports = ["torch"]


def sort(params, n):
    import torch

    descending = params["direction"] == "descending"
    return lambda x: torch.sort(x, dim=-1, descending=descending, stable=True).values


rows = {"sort:hard": Row("torch.sort(x, stable=True).values", sort, ("direction",), notes=("a floor",))}
