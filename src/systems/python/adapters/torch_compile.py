"""Plain PyTorch under torch.compile: what compiling takes is told apart."""

import plain

name = "torch.compile"
backend = "torch"
needs = ["torch", "numpy"]
imports = ["torch"]

# A graph takes 10 to 20 seconds, and every shape has its own; an eager sort alone has nothing to fuse.
SMALLEST = 256
UNROLLED = ("neural-ndcg", "soft-ndcg", "smoothi-ndcg", "smoothi-precision")


def offers(operation):
    size = operation["dataset"]["params"]
    if operation["method"] in UNROLLED:
        return "a loop of many steps is not compiled in seconds"
    if operation["method"] == "hard":
        return "there is nothing to compile in a sort"
    if size.get("batch", 1) * size.get("n", 1) < SMALLEST:
        return f"from {SMALLEST} items on: it takes seconds to compile"
    return plain.offers(operation)


def build(operation, labels=None, mask=None):
    import torch

    return torch.compile(plain.build(operation, labels, mask), dynamic=False)


def describe(operation):
    return {"call": "torch.compile(plain PyTorch)", "notes": ["compiled once a shape, dynamic=False"]}


kept_entries = plain.kept_entries
