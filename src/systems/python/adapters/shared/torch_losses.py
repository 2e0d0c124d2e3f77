"""Losses in plain PyTorch on padded lists: functions of (batch, n) scores, one number a list."""

import math

import torch
from torch.nn.functional import softplus

from torch_operators import positions

FAR = -1e30


def pairs_of(labels, mask):
    """Which (i, j) of a list have y_i > y_j."""
    return (labels.unsqueeze(-1) > labels.unsqueeze(-2)) & mask.unsqueeze(-1) & mask.unsqueeze(-2)


def differences(scores):
    return scores.unsqueeze(-1) - scores.unsqueeze(-2)


def sum_of_pairs(values, pairs):
    return torch.where(pairs, values, torch.zeros((), dtype=values.dtype)).sum((-1, -2))


def relative_gains(labels, mask):
    gains = torch.where(mask, 2.0**labels - 1, torch.zeros((), dtype=labels.dtype))
    ideal = torch.sort(gains, dim=-1, descending=True).values
    best = (ideal / torch.log2(1 + positions(labels))).sum(-1, keepdim=True)
    return gains / torch.where(best > 0, best, torch.ones((), dtype=labels.dtype))


def ranks_of(scores, mask):
    """Ranks by descending score, missing items last; no gradient."""
    order = torch.argsort(scores.detach().masked_fill(~mask, FAR), dim=-1, descending=True, stable=True)
    return torch.argsort(order, dim=-1).to(scores.dtype) + 1


def lambda_weights(scores, labels, mask):
    gains, ranks = relative_gains(labels, mask), ranks_of(scores, mask)
    discounts = 1 / (1 + ranks).log2()
    return (differences(gains) * differences(discounts)).abs()


def ndcg2_weights(scores, labels, mask):
    gains, ranks = relative_gains(labels, mask), ranks_of(scores, mask)
    apart = differences(ranks).abs()
    delta = (1 / (1 + apart.clamp(min=1)).log2() - 1 / (2 + apart).log2()).abs()
    return delta * differences(gains).abs() / math.log(2)


def approx_ranks(scores, mask, alpha):
    ahead = torch.sigmoid(-alpha * differences(scores)) * mask.unsqueeze(-2)
    return ahead.sum(-1) + 0.5


def lengths_of(mask):
    return mask.sum(-1, keepdim=True)


def discounts_of(values):
    """1 / log2(1 + rank) of all ranks."""
    return 1 / (1 + positions(values)).log2()


def neural_sort_rows(scores, mask, tau):
    """Rows from the largest score to the smallest; 0 beyond the end of a list."""
    kept = mask.unsqueeze(-1) & mask.unsqueeze(-2)
    zero = torch.zeros((), dtype=scores.dtype)
    distances = torch.where(kept, differences(scores).abs(), zero).sum(-1)
    scaling = lengths_of(mask) + 1 - 2 * positions(scores)
    logits = scaling.unsqueeze(-1) * scores.unsqueeze(-2) - distances.unsqueeze(-2)
    rows = torch.softmax((logits / tau).masked_fill(~mask.unsqueeze(-2), FAR), -1)
    return torch.where(kept, rows, zero)


def soft_sort_log_rows(scores, mask, tau, count):
    """Logarithms of the first rows, from the largest score down."""
    pivots = torch.sort(scores.masked_fill(~mask, FAR), dim=-1, descending=True).values[:, :count]
    logits = -(pivots.unsqueeze(-1) - scores.unsqueeze(-2)).abs() / tau
    return torch.log_softmax(logits.masked_fill(~mask.unsqueeze(-2), FAR), -1)


def doubly_stochastic(matrix, mask):
    """Columns and rows over their sums in turn, at most 50 times, each list until its own are within 1e-6 of 1."""
    # What is beyond the end of a list stays 0, with gradient 0.
    columns, rows = torch.zeros_like(matrix[:, :1, :]), torch.zeros_like(matrix[:, :, :1])
    columns[~mask.unsqueeze(-2)] = 1
    rows[~mask.unsqueeze(-1)] = 1
    # A list that has arrived stays as it is, whoever else is in the batch.
    going = torch.ones_like(matrix[:, :1, :1], dtype=torch.bool)
    for _ in range(50):
        scaled = matrix / (columns + matrix.sum(-2, keepdim=True)).clamp(min=1e-10)
        scaled = scaled / (rows + scaled.sum(-1, keepdim=True)).clamp(min=1e-10)
        matrix = torch.where(going, scaled, matrix)
        going = going & (((matrix.sum(-2) - 1).abs() * mask).amax(-1) > 1e-6)[:, None, None]
        if not going.any():
            break
    return matrix


def smooth_indicators(scores, mask, params):
    """Rows of SmoothI, one rank after another."""
    zero = torch.zeros((), dtype=scores.dtype)
    lowest = scores.masked_fill(~mask, -FAR).amin(-1, keepdim=True)
    above = torch.where(mask, scores - lowest, zero)
    factor = torch.ones_like(scores)
    rows = []
    for _ in range(scores.shape[-1]):
        row = torch.softmax((params["alpha"] * above * factor).masked_fill(~mask, FAR), -1)
        rows.append(row)
        factor = factor * (1 - row - params["delta"])
        if params["stop-gradient"]:
            factor = factor.detach()
    return torch.stack(rows, -2)


def rank_distributions(scores, mask, sigma):
    """P(rank of j is r) of normal scores: items come in one after another and move the others on or not."""
    ahead = 0.5 * torch.erfc(differences(scores) / (2 * sigma))
    none = torch.eye(scores.shape[-1], dtype=torch.bool) | ~mask.unsqueeze(-2)
    ahead = torch.where(none, torch.zeros((), dtype=scores.dtype), ahead)
    chances = torch.nn.functional.pad(torch.ones_like(scores).unsqueeze(-1), (0, scores.shape[-1] - 1))
    for i in range(scores.shape[-1]):
        moved = torch.nn.functional.pad(chances[..., :-1], (1, 0))
        p = ahead[..., i : i + 1]
        chances = chances * (1 - p) + moved * p
    return chances


class Lists:
    """What a loss may look at: labels and mask of a padded (batch, n) block, and what is made of them."""

    def __init__(self, labels, mask):
        self.labels, self.mask = labels, mask
        self.zero = torch.zeros((), dtype=labels.dtype)

    def kept(self, values):
        return torch.where(self.mask, values, self.zero)

    def log_softmax(self, scores):
        return torch.log_softmax(scores.masked_fill(~self.mask, FAR), -1)

    def by_label(self):
        return torch.argsort(self.labels.masked_fill(~self.mask, FAR), dim=-1, descending=True, stable=True)

    def relevant(self):
        return (self.labels > 0) & self.mask

    def pairs(self):
        return pairs_of(self.labels, self.mask)


def listnet(lists, params):
    target = torch.softmax(lists.labels.masked_fill(~lists.mask, FAR), -1)
    return lambda scores: -(target * lists.kept(lists.log_softmax(scores))).sum(-1)


def softmax(lists, params):
    return lambda scores: -(lists.labels * lists.kept(lists.log_softmax(scores))).sum(-1)


def listmle(lists, params):
    order = lists.by_label()
    kept = lists.mask.gather(-1, order)

    def loss(scores):
        ordered = scores.gather(-1, order).masked_fill(~kept, FAR)
        tails = torch.logcumsumexp(ordered.flip(-1), -1).flip(-1)
        return torch.where(kept, tails - ordered, lists.zero).sum(-1)

    return loss


def ranknet(lists, params):
    pairs = lists.pairs()
    return lambda scores: sum_of_pairs(softplus(-params["sigma"] * differences(scores)), pairs)


def pairwise_logistic(lists, params):
    pairs = lists.pairs()
    return lambda scores: sum_of_pairs(softplus(-differences(scores)), pairs)


def pairwise_hinge(lists, params):
    pairs = lists.pairs()
    return lambda scores: sum_of_pairs((params["margin"] - differences(scores)).clamp(min=0), pairs)


def kendall(lists, params):
    pairs = lists.pairs()
    count = pairs.sum((-1, -2)).clamp(min=1)
    some = (pairs.sum((-1, -2)) > 0).to(lists.labels.dtype)
    half = 0.5 / params["strength"]
    return lambda scores: some * (1 - sum_of_pairs(torch.tanh(half * differences(scores)), pairs) / count)


def weighted_pairs(weigh):
    def make(lists, params):
        pairs, sigma = lists.pairs(), params["sigma"]

        def loss(scores):
            weights = weigh(scores, lists.labels, lists.mask)
            return sum_of_pairs(weights * softplus(-sigma * differences(scores)), pairs)

        return loss

    return make


def approx_ndcg(lists, params):
    gains = relative_gains(lists.labels, lists.mask)
    return lambda scores: -(gains / (1 + approx_ranks(scores, lists.mask, params["alpha"])).log2()).sum(-1)


def approx_mrr(lists, params):
    relevant = lists.relevant().to(lists.labels.dtype)
    share = relevant / relevant.sum(-1, keepdim=True).clamp(min=1)
    return lambda scores: -(share / approx_ranks(scores, lists.mask, params["alpha"])).sum(-1)


def ndcg_of(lists):
    """NDCG of relaxed rows, and which lists have a relevant item."""
    gains = relative_gains(lists.labels, lists.mask)
    some = (gains.sum(-1) > 0).to(lists.labels.dtype)
    kept = lists.kept(discounts_of(lists.labels))
    return (lambda rows: (kept * (rows @ gains.unsqueeze(-1)).squeeze(-1)).sum(-1)), some


def neural_ndcg(lists, params):
    ndcg, _ = ndcg_of(lists)
    mask, tau = lists.mask, params["tau"]
    return lambda scores: -ndcg(doubly_stochastic(neural_sort_rows(scores, mask, tau), mask))


def pirank(lists, params):
    ndcg, some = ndcg_of(lists)
    return lambda scores: some * (1 - ndcg(neural_sort_rows(scores, lists.mask, params["tau"])))


def smoothi_ndcg(lists, params):
    ndcg, _ = ndcg_of(lists)
    return lambda scores: -ndcg(smooth_indicators(scores, lists.mask, params))


def smoothi_precision(lists, params):
    relevant = lists.relevant().to(lists.labels.dtype)

    def loss(scores):
        rows = smooth_indicators(scores, lists.mask, params) @ relevant.unsqueeze(-1)
        return -(lists.kept(rows.squeeze(-1)) / lengths_of(lists.mask)).sum(-1)

    return loss


def soft_ndcg(lists, params):
    gains = relative_gains(lists.labels, lists.mask)

    def loss(scores):
        chances = rank_distributions(scores, lists.mask, params["sigma"])
        return -(gains * (chances @ discounts_of(lists.labels))).sum(-1)

    return loss


def permutation_cross_entropy(lists, params):
    order = lists.by_label()

    def loss(scores):
        rows = soft_sort_log_rows(scores, lists.mask, 1, scores.shape[-1])
        return -lists.kept(rows.gather(-1, order.unsqueeze(-1)).squeeze(-1)).sum(-1)

    return loss


def topk_cross_entropy(lists, params):
    relevant, mask, zero = lists.relevant(), lists.mask, lists.zero
    return lambda scores: -torch.where(relevant, soft_sort_log_rows(scores, mask, 1, 1).squeeze(-2), zero).sum(-1)


def pointwise_mse(lists, params):
    return lambda scores: lists.kept((scores - lists.labels) ** 2).sum(-1)


def pointwise_bce(lists, params):
    target = (lists.labels / params["levels"]).clamp(max=1)
    return lambda scores: lists.kept(softplus(scores) - target * scores).sum(-1)


def ordinal(lists, params):
    levels = torch.arange(1, params["levels"] + 1, dtype=lists.labels.dtype)
    thresholds = levels - (params["levels"] + 1) / 2
    signs = 1 - 2 * (lists.labels.unsqueeze(-1) >= levels).to(lists.labels.dtype)
    return lambda scores: lists.kept(softplus(signs * (scores.unsqueeze(-1) - thresholds)).sum(-1)).sum(-1)


LOSSES = {
    "listnet": listnet,
    "softmax": softmax,
    "listmle": listmle,
    "ranknet": ranknet,
    "pairwise-logistic": pairwise_logistic,
    "pairwise-hinge": pairwise_hinge,
    "kendall": kendall,
    "lambdarank": weighted_pairs(lambda_weights),
    "lambdaloss": weighted_pairs(ndcg2_weights),
    "approx-ndcg": approx_ndcg,
    "approx-mrr": approx_mrr,
    "neural-ndcg": neural_ndcg,
    "pirank": pirank,
    "smoothi-ndcg": smoothi_ndcg,
    "smoothi-precision": smoothi_precision,
    "soft-ndcg": soft_ndcg,
    "permutation-cross-entropy": permutation_cross_entropy,
    "topk-cross-entropy": topk_cross_entropy,
    "pointwise-mse": pointwise_mse,
    "pointwise-bce": pointwise_bce,
    "ordinal": ordinal,
}


def list_losses(method, params, labels, mask):
    """The loss of every list of a padded (batch, n) tensor of scores."""
    return LOSSES[method](Lists(labels, mask), params)
