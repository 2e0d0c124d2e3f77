"""pytorchltr (package pytorchltr2): additive pairwise and LambdaLoss losses on padded lists."""

import math

from adapter_rows import Row

name = "pytorchltr"
backend = "torch"
imports = ["pytorchltr"]
needs = ["pytorchltr2", "torch", "numpy"]
known = [
    {
        "when": lambda operation: operation["method"] in ("ranknet", "lambdaloss"),
        "what": "pytorchltr takes the logarithm of a sigmoid: infinite where scores are 104 apart in f32",
        "shows": "PairwiseLogisticLoss()(torch.tensor([[-120., 120.]]), torch.tensor([[1, 0]]), torch.tensor([2]))",
    },
    {
        "when": lambda operation: operation["method"] == "lambdaloss",
        "what": "pytorchltr ranks tied scores at random: another loss every call",
        "shows": "LambdaNDCGLoss1()(torch.zeros(1, 3), torch.tensor([[2, 1, 0]]), torch.tensor([3])), twice",
    },
]


def mean_of(make_loss, scale=1.0):
    def make(params, lists):
        import torch
        from pytorchltr import loss

        call, labels, n = make_loss(loss, params), lists.labels.long(), torch.tensor(lists.lengths)
        return lambda scores: scale * call(scores, labels, n).mean()

    return make


rows = {
    "loss:ranknet": Row(
        "PairwiseLogisticLoss(sigma)(x, y, n).mean() ln 2",
        mean_of(lambda loss, params: loss.PairwiseLogisticLoss(sigma=params["sigma"]), math.log(2)),
        ("sigma",),
        notes=("its logarithms are of base 2",),
    ),
    "loss:pairwise-hinge": Row(
        "PairwiseHingeLoss()(x, y, n).mean()", mean_of(lambda loss, params: loss.PairwiseHingeLoss()), only={"margin": (1,)}
    ),
    "loss:lambdaloss": Row(
        "LambdaNDCGLoss1(sigma)(x, y, n).mean()",
        mean_of(lambda loss, params: loss.LambdaNDCGLoss1(sigma=params["sigma"])),
        ("sigma", "mu"),
        {"scheme": ("ndcg1",)},
        ("its LambdaNDCGLoss2 is not the published one: discounts shifted by one",),
    ),
}
