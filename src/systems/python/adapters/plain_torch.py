"""Plain PyTorch, eager: operators as their authors write them, losses on padded lists (shared/plain.py)."""

from plain import build, kept_entries, offers  # noqa: F401

name = "torch"
backend = "torch"
needs = ["torch", "numpy"]
imports = ["torch"]
known = [
    {
        "when": lambda operation: operation["method"].startswith("smoothi") or operation["method"].endswith("cross-entropy"),
        "what": "tied scores are kinks of this loss: PyTorch takes another of their slopes than ours",
        "shows": "two equal scores",
    },
    {
        "when": lambda operation: operation["precision"] == "f32" and operation["method"] == "neuralsort",
        "what": "NeuralSort's logits, as published, are differences of sums n times as large as the values: f32 loses digits where"
        " the spread over tau is large",
        "shows": "values of a spread of 500 at tau = 1",
    },
]


def describe(operation):
    return {"call": "plain PyTorch, eager"}
