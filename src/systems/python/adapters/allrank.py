"""
allRank: listwise losses on padded lists.

Its losses import two modules of the package that want torchvision and a cloud file system; they take one number and one
function from them, which stand here instead.
"""

import sys
from types import ModuleType

from adapter_rows import Row

name = "allrank"
backend = "torch"
needs = ["allRank", "torch", "numpy"]
imports = ["allrank"]

PADDED = -1
EPSILON = "its epsilon of 1e-10 under logarithms"
known = [
    {
        "when": lambda operation: operation["method"] in ("listnet", "listmle"),
        "what": "allRank adds 1e-10 to shares before their logarithm: an item 23 below the others costs no more",
        "shows": "listNet(torch.tensor([[100., 0.]]), torch.tensor([[0., 1.]]))",
    },
    {
        "when": lambda operation: operation["method"] in ("lambdarank", "lambdaloss", "ranknet"),
        "what": "allRank clamps the probability of a pair at 1e-10 before its logarithm: no gradient on pairs further apart"
        " than 23 over sigma",
        "shows": "lambdaLoss(torch.tensor([[1000., 0., -1000.]]), torch.tensor([[0., 1., 2.]]), weighing_scheme='lambdaRank_scheme')",
    },
    {
        "when": lambda operation: operation["method"] == "listmle",
        "what": "allRank shuffles items before it sorts them by label: lists with tied labels get another loss every call",
        "shows": "listMLE(torch.tensor([[0., 1.]]), torch.tensor([[1., 1.]]))",
    },
    {
        "when": lambda operation: operation["method"] == "ordinal",
        "what": "allRank's ordinal raises on lists of several lengths: PyTorch's BCELoss refuses the label -1 of what is padded",
        "shows": "ordinal(torch.full((1, 2, 1), .5), torch.tensor([[1., -1.]]), 1)",
    },
    {
        "when": lambda operation: operation["method"] == "neural-ndcg",
        "what": "allRank scales all lists of a batch until the last one has arrived: gradients of a list depend on the others, by 1e-5 and,"
        " where scores are tied, up to 2e-2",
        "shows": "neuralNDCG(x, y)[0] of a list alone, and beside one that takes longer",
    },
]


def stand_in(name, **contents):
    if name not in sys.modules:
        module = ModuleType(name)
        module.__dict__.update(contents)
        sys.modules[name] = module


def losses():
    import torch

    stand_in("allrank.data.dataset_loading", PADDED_Y_VALUE=PADDED)
    stand_in("allrank.models.model_utils", get_torch_device=lambda: torch.device("cpu"))
    import allrank.models.losses

    return allrank.models.losses


def padded(lists):
    return lists.labels.masked_fill(~lists.mask, PADDED)


def mean_of(which, given=lambda params: {}, factor=lambda params, lists: 1):
    """A loss that is a mean over lists already, or becomes one by a factor."""

    def make(params, lists):
        call, labels, options = getattr(losses(), which), padded(lists), given(params)
        scale = factor(params, lists)
        return lambda scores: scale * call(scores, labels, padded_value_indicator=PADDED, **options)

    return make


def per_list(params, lists):
    return 1 / lists.batch


def lambda_loss(scheme, **options):
    def given(params):
        named = scheme(params) if callable(scheme) else scheme
        return {"weighing_scheme": named, "sigma": params["sigma"], "mu": params.get("mu", 10.0), **options}

    return mean_of("lambdaLoss", given, per_list)


SCHEMES = {"ndcg1": "ndcgLoss1_scheme", "ndcg2": "ndcgLoss2_scheme", "ndcg2pp": "ndcgLoss2PP_scheme"}


def neural(params, lists):
    which = "neuralNDCG_transposed" if params["transposed"] else "neuralNDCG"
    call, labels = getattr(losses(), which), padded(lists)
    return lambda scores: call(scores, labels, padded_value_indicator=PADDED, temperature=params["tau"], k=params["k"] or None)


def ordinal(params, lists):
    import torch

    call, labels, levels = losses().ordinal, padded(lists), params["levels"]
    thresholds = torch.arange(1, levels + 1, dtype=labels.dtype) - (levels + 1) / 2
    items = sum(lists.lengths) / lists.batch
    return lambda scores: items * call(torch.sigmoid(scores.unsqueeze(-1) - thresholds), labels, levels)


def one_length(operation):
    """What a list of another length is padded with, its loss refuses."""
    return "lists of one length only: it raises on what is padded" if operation["dataset"]["params"].get("ragged") else True


PER_LIST = "its sum over the batch, over the number of lists"
rows = {
    "loss:listnet": Row("listNet(x, y)", mean_of("listNet"), notes=(EPSILON,), rounding="f32"),
    "loss:listmle": Row("listMLE(x, y)", mean_of("listMLE"), notes=(EPSILON, "ties at random"), rounding="f32"),
    "loss:ranknet": Row(
        "lambdaLoss(x, y, weighing_scheme='rankNet_scheme', reduction_log='natural')",
        lambda_loss("rankNet_scheme", reduction_log="natural"), ("sigma",), notes=(EPSILON, PER_LIST), rounding="f32",
    ),
    "loss:lambdarank": Row(
        "lambdaLoss(x, y, weighing_scheme='lambdaRank_scheme', reduction_log='natural')",
        lambda_loss("lambdaRank_scheme", reduction_log="natural"), ("sigma",), {"k": (0,)},
        (EPSILON, PER_LIST, "its k counts pairs with both items in the first k, ours with one"), rounding="f32",
    ),
    "loss:lambdaloss": Row(
        "lambdaLoss(x, y, weighing_scheme=scheme)", lambda_loss(lambda params: SCHEMES[params["scheme"]]),
        ("scheme", "sigma", "mu"), notes=(EPSILON, PER_LIST), rounding="f32",
    ),
    "loss:approx-ndcg": Row(
        "approxNDCGLoss(x, y, alpha=)", mean_of("approxNDCGLoss", lambda params: {"alpha": params["alpha"]}), ("alpha",),
        notes=(EPSILON,), rounding="f32",
    ),
    "loss:neural-ndcg": Row(
        "neuralNDCG(x, y, temperature=tau, k=)", neural, ("tau", "k", "transposed"),
        {"iterations": (50,), "tolerance": (1e-6,)}, precisions=("f32",),
    ),
    "loss:ordinal": Row(
        "ordinal(sigmoid(x - theta), y, levels)", ordinal, ("levels",),
        notes=("its mean over items, times the items a list",), precisions=("f32",), when=one_length,
    ),
}  # fmt: skip
