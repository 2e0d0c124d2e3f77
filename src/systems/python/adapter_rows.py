"""
What a peer offers, one row an operator of ours: how it is called, which parameters that honours, what is translated.

    rows = {"rank:permutahedron": Row("soft_rank(x, tau=strength)", make, reads=("strength", "direction"))}

make(params, n) answers with a function of one (batch, n) array; for losses make(params, lists) with one of (batch, longest)
scores, whose answer is a loss a list or their mean.
"""

from dataclasses import dataclass, field
from types import SimpleNamespace

ANY = object()
# Values at which a parameter asks for nothing; a row that does not read the parameter offers these only.
NEUTRAL = {
    "straight-through": (False,), "error-free": (False,), "algorithm": ANY, "samples": (0,), "beta": ANY, "seed": ANY,
    "reduction": ("mean",), "ignore": ("none",), "negative-labels": ANY, "gain": ("exp2",), "normalise": (True,),
    "ties": ("file-order",), "form": ("mask",), "stop-gradient": (True,), "power": (1,), "iterations": ANY,
    "tolerance": ANY,
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """How a peer computes one operator of ours."""

    call: str
    make: object
    # Parameters that `make` honours, whatever their value.
    reads: tuple = ()
    # Values that are offered, by parameter; of those that are read, or that are fixed.
    only: dict = field(default_factory=dict)
    # Conventions translated on the way.
    notes: tuple = ()
    precisions: tuple = ("f32", "f64")
    # "f32" where constants or parts of the computation are rounded to it whatever the input.
    rounding: str = ""
    # True, or why not, of an operation whose parameters pass.
    when: object = None


def unread(row, params):
    """Why the parameters cannot be honoured, or None."""
    for name, value in params.items():
        allowed = row.only.get(name, ANY if name in row.reads else NEUTRAL.get(name, ()))
        if allowed is not ANY and value not in allowed:
            return f"{name}={' or '.join(map(str, allowed))} only" if allowed else f"it has no {name}"
    return None


def offers_of(rows, operation):
    """True, or why not."""
    name = f'{operation["operator"]}:{operation["method"]}'
    row = rows.get(name)
    if row is None:
        return f"it has no {name}"
    reason = unread(row, operation["params"])
    if reason is not None:
        return reason
    if operation["precision"] not in row.precisions:
        return f"{' and '.join(row.precisions)} only"
    if operation["operator"] != "loss" and operation["dataset"]["params"].get("ragged"):
        return "rows of one length only"
    return row.when(operation) if row.when else True


def build_of(rows, operation, labels=None, mask=None):
    row = rows[f'{operation["operator"]}:{operation["method"]}']
    if operation["operator"] != "loss":
        return row.make(operation["params"], operation["n"])
    lengths = operation["lengths"]
    return row.make(operation["params"], SimpleNamespace(labels=labels, mask=mask, lengths=lengths, batch=len(lengths)))


def signed_sort(function, params):
    """Of an ascending sort: descending is that of the opposite numbers."""
    return function if params["direction"] == "ascending" else lambda x: -function(-x)


def signed_ranks(function, params):
    """Of ascending ranks, 1 for the smallest: descending are those of the opposite numbers."""
    return function if params["direction"] == "ascending" else lambda x: function(-x)


OPPOSITE = "descending: of the opposite numbers"


def whole_power(operation):
    """True where the network has a power of two wires, or the size is not said."""
    n = operation["dataset"]["params"].get("n", 1)
    return n & (n - 1) == 0
