"""
An operator of your own in ten lines of PyTorch: ranks that count pairs through an arctangent. The gradient is that of autograd.

Try it:
  rank-bench check --peer ./examples/peer_torch.py
  rank-bench run -e 'speed[beside=my-peer]' -m rank:sigmoid -d 'sorting[n=100]' --peer ./examples/peer_torch.py

The first holds it to the laws of ranks, in f64 and in f32, and shows the row that breaks one. The second times it beside ours.
"""

import math

name = "my-peer"
# "torch", "jax", "tensorflow" or "plain": whose arrays the functions below take.
backend = "torch"
# Packages whose versions go into the record.
needs = ["torch", "numpy"]

# Operators that nobody else has, by operator:method. What is promised is checked; what is left out is not.
brings = {
    "rank:arctangent": {
        "params": {"strength": {"default": 1, "visit": [0.1], "meaning": "width of the step; larger is softer"}},
        "promises": {
            "softness": {"param": "strength", "units": 1},
            "sum": "ranks",
            "ordered": True,
            "monotone": True,
            "shift": "stays",
        },
    },
}


def offers(operation):
    """True, or why not: the reason is shown. Asked for every cell before anything is measured, with nothing imported."""
    name = f'{operation["operator"]}:{operation["method"]}'
    if name == "rank:sigmoid":
        params = operation["params"]
        return True if params["direction"] == "ascending" and not params["straight-through"] else "ascending, no surrogate"
    return True if name in brings else f"it has no {name}"


def build(operation):
    """A function of one (batch, n) tensor, in whatever precision that has."""
    import torch

    strength = operation["params"]["strength"]
    if operation["method"] == "sigmoid":
        step = torch.sigmoid
    else:

        def step(z):
            # 1/2 + atan(z) / pi, with all digits of what is small.
            return torch.atan2(torch.ones_like(z), -z) / math.pi

    return lambda x: step((x.unsqueeze(-1) - x.unsqueeze(-2)) / strength).sum(-1) + 0.5


def describe(operation):
    """How it is called and what was translated; stands beside its numbers."""
    return {"call": "the sum of a step function over pairs", "notes": ["ranks begin at 1, ascending"]}
