"""One long-lived peer: evaluates and times torchsort and plain PyTorch for rank-bench.

Frames on stdin and stdout: a 4-byte little-endian header length, a JSON header whose "blocks" lists byte lengths, then
those blocks. Block numbers are in the machine's own byte order, since both ends share the machine. One request, one
answer, in order: {"id", "ok": true, ...} or {"id", "ok": false, "error": {"type", "message"}}. The process ends when
stdin does. The other end is session.ts.

What is timed. `forward` is the call on an input that requires a gradient, as in a training step, so the graph is
recorded: torch.no_grad() is not used. `backward` is torch.autograd.grad(output, input, cotangent) on graphs made
beforehand and kept. `both` is a forward and the gradient through its own graph. Every call takes the next of the given
inputs: torch.sort on one repeated row of 1,000 is about three times faster than on rows that differ, because the branch
predictor learns the permutation.
"""

import gc
import importlib.metadata
import json
import math
import os
import platform
import signal
import struct
import sys
import time
import traceback

LENGTH = struct.Struct("<I")
CALIBRATIONS = 2
FEWEST_SAMPLES = 3
DTYPES = {"f32": "float32", "f64": "float64"}
OPENMP = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OMP_WAIT_POLICY")


def claim_streams():
    """Keep stdin and stdout for frames; whatever else prints, in Python or in C, goes to stderr."""
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return source, sink


def read_exactly(source, size):
    data = bytearray(size)
    view, filled = memoryview(data), 0
    while filled < size:
        count = source.readinto(view[filled:])
        if not count:
            raise EOFError
        filled += count
    return data


def read_frame(source):
    """(header, blocks). Raises EOFError when the other end has closed."""
    (size,) = LENGTH.unpack(read_exactly(source, LENGTH.size))
    header = json.loads(bytes(read_exactly(source, size)))
    return header, [read_exactly(source, length) for length in header["blocks"]]


def write_frame(sink, header, blocks=()):
    header["blocks"] = [len(block) for block in blocks]
    text = json.dumps(header, allow_nan=False).encode()
    sink.write(LENGTH.pack(len(text)) + text)
    for block in blocks:
        sink.write(block)
    sink.flush()


def positions(values):
    """1, ..., n in the type of the values."""
    import torch

    return torch.arange(1, values.shape[-1] + 1, dtype=values.dtype)


def sigmoid_ranks(values, strength):
    import torch

    differences = values.unsqueeze(-1) - values.unsqueeze(-2)
    return torch.sigmoid(differences / strength).sum(-1) + 0.5


def neural_sort_matrix(values, tau):
    """Rows from the smallest value to the largest, the published formula with its rows reversed."""
    import torch

    distances = (values.unsqueeze(-1) - values.unsqueeze(-2)).abs().sum(-1)
    scaling = 2 * positions(values) - values.shape[-1] - 1
    logits = scaling.view(1, -1, 1) * values.unsqueeze(-2) - distances.unsqueeze(-2)
    return torch.softmax(logits / tau, -1)


def soft_sort_matrix(values, tau):
    import torch

    pivots = torch.sort(values, dim=-1).values
    return torch.softmax(-(pivots.unsqueeze(-1) - values.unsqueeze(-2)).abs() / tau, -1)


def over_matrix(matrix, operator):
    """P x, or P^T (1, ..., n), of a relaxed permutation."""
    if operator == "sort":
        return lambda values: (matrix(values) @ values.unsqueeze(-1)).squeeze(-1)
    return lambda values: (matrix(values) * positions(values).view(1, -1, 1)).sum(-2)


def function_of(operation):
    """The operator as a function of one (batch, n) tensor: torchsort's, or plain PyTorch as its authors write it."""
    import torch

    operator, method, params = operation["operator"], operation["method"], operation["params"]
    if method == "hard":
        return lambda values: torch.sort(values, dim=-1).values
    if method == "sigmoid":
        return lambda values: sigmoid_ranks(values, params["strength"])
    if method == "neuralsort":
        return over_matrix(lambda values: neural_sort_matrix(values, params["tau"]), operator)
    if method == "softsort":
        return over_matrix(lambda values: soft_sort_matrix(values, params["tau"]), operator)
    import torchsort

    function = {"sort": torchsort.soft_sort, "rank": torchsort.soft_rank}[operator]
    regularization, strength = params["regularization"], params["strength"]
    return lambda values: function(values, regularization=regularization, regularization_strength=strength)


FAR = -1e30


def pairs_of(labels, mask):
    """Which (i, j) of a list have y_i > y_j."""
    return (labels.unsqueeze(-1) > labels.unsqueeze(-2)) & mask.unsqueeze(-1) & mask.unsqueeze(-2)


def differences(scores):
    return scores.unsqueeze(-1) - scores.unsqueeze(-2)


def sum_of_pairs(values, pairs):
    import torch

    return torch.where(pairs, values, torch.zeros((), dtype=values.dtype)).sum((-1, -2))


def relative_gains(labels, mask):
    import torch

    gains = torch.where(mask, 2.0**labels - 1, torch.zeros((), dtype=labels.dtype))
    ideal = torch.sort(gains, dim=-1, descending=True).values
    best = (ideal / torch.log2(1 + positions(labels))).sum(-1, keepdim=True)
    return gains / torch.where(best > 0, best, torch.ones((), dtype=labels.dtype))


def ranks_of(scores, mask):
    """Ranks by descending score, missing items last; no gradient."""
    import torch

    order = torch.argsort(scores.detach().masked_fill(~mask, FAR), dim=-1, descending=True, stable=True)
    return torch.argsort(order, dim=-1).to(scores.dtype) + 1


def lambda_weights(scores, labels, mask):
    gains, ranks = relative_gains(labels, mask), ranks_of(scores, mask)
    discounts = 1 / (1 + ranks).log2()
    return (differences(gains) * differences(discounts)).abs()


def ndcg2_weights(scores, labels, mask):
    import math

    gains, ranks = relative_gains(labels, mask), ranks_of(scores, mask)
    apart = differences(ranks).abs()
    delta = (1 / (1 + apart.clamp(min=1)).log2() - 1 / (2 + apart).log2()).abs()
    return delta * differences(gains).abs() / math.log(2)


def approx_ranks(scores, mask, alpha):
    import torch

    ahead = torch.sigmoid(-alpha * differences(scores)) * mask.unsqueeze(-2)
    return ahead.sum(-1) + 0.5


def lengths_of(mask):
    return mask.sum(-1, keepdim=True)


def discounts_of(values):
    """1 / log2(1 + rank) of all ranks."""
    return 1 / (1 + positions(values)).log2()


def neural_sort_rows(scores, mask, tau):
    """Rows from the largest score to the smallest; 0 beyond the end of a list."""
    import torch

    kept = mask.unsqueeze(-1) & mask.unsqueeze(-2)
    zero = torch.zeros((), dtype=scores.dtype)
    distances = torch.where(kept, differences(scores).abs(), zero).sum(-1)
    scaling = lengths_of(mask) + 1 - 2 * positions(scores)
    logits = scaling.unsqueeze(-1) * scores.unsqueeze(-2) - distances.unsqueeze(-2)
    rows = torch.softmax((logits / tau).masked_fill(~mask.unsqueeze(-2), FAR), -1)
    return torch.where(kept, rows, zero)


def soft_sort_log_rows(scores, mask, tau, count):
    """Logarithms of the first rows, from the largest score down."""
    import torch

    pivots = torch.sort(scores.masked_fill(~mask, FAR), dim=-1, descending=True).values[:, :count]
    logits = -(pivots.unsqueeze(-1) - scores.unsqueeze(-2)).abs() / tau
    return torch.log_softmax(logits.masked_fill(~mask.unsqueeze(-2), FAR), -1)


def doubly_stochastic(matrix, mask):
    """Columns and rows over their sums in turn, at most 50 times, until all are within 1e-6 of 1."""
    import torch

    # What is beyond the end of a list stays 0, with gradient 0.
    columns, rows = torch.zeros_like(matrix[:, :1, :]), torch.zeros_like(matrix[:, :, :1])
    columns[~mask.unsqueeze(-2)] = 1
    rows[~mask.unsqueeze(-1)] = 1
    for _ in range(50):
        matrix = matrix / (columns + matrix.sum(-2, keepdim=True)).clamp(min=1e-10)
        matrix = matrix / (rows + matrix.sum(-1, keepdim=True)).clamp(min=1e-10)
        if ((matrix.sum(-2) - 1).abs() * mask).max() < 1e-6:
            break
    return matrix


def smooth_indicators(scores, mask, params):
    """Rows of SmoothI, one rank after another."""
    import torch

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
    import torch

    ahead = 0.5 * torch.erfc(differences(scores) / (2 * sigma))
    none = torch.eye(scores.shape[-1], dtype=torch.bool) | ~mask.unsqueeze(-2)
    ahead = torch.where(none, torch.zeros((), dtype=scores.dtype), ahead)
    chances = torch.nn.functional.pad(torch.ones_like(scores).unsqueeze(-1), (0, scores.shape[-1] - 1))
    for i in range(scores.shape[-1]):
        moved = torch.nn.functional.pad(chances[..., :-1], (1, 0))
        p = ahead[..., i : i + 1]
        chances = chances * (1 - p) + moved * p
    return chances


def list_losses(method, params, labels, mask):
    """The loss of every list of a padded (batch, n) tensor of scores."""
    import torch
    from torch.nn.functional import softplus

    pairs = pairs_of(labels, mask)
    zero = torch.zeros((), dtype=labels.dtype)

    def log_softmax(scores):
        return torch.log_softmax(scores.masked_fill(~mask, FAR), -1)

    if method == "listnet":
        target = torch.softmax(labels.masked_fill(~mask, FAR), -1)
        return lambda scores: -(target * torch.where(mask, log_softmax(scores), zero)).sum(-1)
    if method == "softmax":
        return lambda scores: -(labels * torch.where(mask, log_softmax(scores), zero)).sum(-1)
    if method == "listmle":
        order = torch.argsort(labels.masked_fill(~mask, FAR), dim=-1, descending=True, stable=True)
        kept = mask.gather(-1, order)

        def list_mle(scores):
            ordered = scores.gather(-1, order).masked_fill(~kept, FAR)
            tails = torch.logcumsumexp(ordered.flip(-1), -1).flip(-1)
            return torch.where(kept, tails - ordered, zero).sum(-1)

        return list_mle
    if method == "ranknet":
        return lambda scores: sum_of_pairs(softplus(-params["sigma"] * differences(scores)), pairs)
    if method == "pairwise-logistic":
        return lambda scores: sum_of_pairs(softplus(-differences(scores)), pairs)
    if method == "pairwise-hinge":
        return lambda scores: sum_of_pairs((params["margin"] - differences(scores)).clamp(min=0), pairs)
    if method == "kendall":
        count = pairs.sum((-1, -2)).clamp(min=1)
        some = (pairs.sum((-1, -2)) > 0).to(labels.dtype)
        half = 0.5 / params["strength"]
        return lambda scores: some * (1 - sum_of_pairs(torch.tanh(half * differences(scores)), pairs) / count)
    if method in ("lambdarank", "lambdaloss"):
        weigh = lambda_weights if method == "lambdarank" else ndcg2_weights
        sigma = params["sigma"]

        def lambda_loss(scores):
            return sum_of_pairs(weigh(scores, labels, mask) * softplus(-sigma * differences(scores)), pairs)

        return lambda_loss
    if method == "approx-ndcg":
        gains = relative_gains(labels, mask)
        return lambda scores: -(gains / (1 + approx_ranks(scores, mask, params["alpha"])).log2()).sum(-1)
    if method == "approx-mrr":
        relevant = (labels > 0) & mask
        share = relevant / relevant.sum(-1, keepdim=True).clamp(min=1)
        return lambda scores: -(share / approx_ranks(scores, mask, params["alpha"])).sum(-1)
    if method in ("neural-ndcg", "pirank", "smoothi-ndcg"):
        gains = relative_gains(labels, mask)
        some = (gains.sum(-1) > 0).to(labels.dtype)

        def ndcg_of(rows):
            kept = torch.where(mask, discounts_of(labels), zero)
            return (kept * (rows @ gains.unsqueeze(-1)).squeeze(-1)).sum(-1)

        if method == "neural-ndcg":
            return lambda scores: -ndcg_of(doubly_stochastic(neural_sort_rows(scores, mask, params["tau"]), mask))
        if method == "pirank":
            return lambda scores: some * (1 - ndcg_of(neural_sort_rows(scores, mask, params["tau"])))
        return lambda scores: -ndcg_of(smooth_indicators(scores, mask, params))
    if method == "smoothi-precision":
        relevant = ((labels > 0) & mask).to(labels.dtype)

        def smooth_precision(scores):
            rows = smooth_indicators(scores, mask, params) @ relevant.unsqueeze(-1)
            return -(torch.where(mask, rows.squeeze(-1), zero) / lengths_of(mask)).sum(-1)

        return smooth_precision
    if method == "soft-ndcg":
        gains = relative_gains(labels, mask)

        def soft_ndcg(scores):
            chances = rank_distributions(scores, mask, params["sigma"])
            return -(gains * (chances @ discounts_of(labels))).sum(-1)

        return soft_ndcg
    if method == "permutation-cross-entropy":
        order = torch.argsort(labels.masked_fill(~mask, FAR), dim=-1, descending=True, stable=True)

        def permutation_cross_entropy(scores):
            rows = soft_sort_log_rows(scores, mask, 1, scores.shape[-1])
            return -torch.where(mask, rows.gather(-1, order.unsqueeze(-1)).squeeze(-1), zero).sum(-1)

        return permutation_cross_entropy
    if method == "topk-cross-entropy":
        relevant = (labels > 0) & mask
        return lambda scores: -torch.where(relevant, soft_sort_log_rows(scores, mask, 1, 1).squeeze(-2), zero).sum(-1)
    if method == "pointwise-mse":
        return lambda scores: torch.where(mask, (scores - labels) ** 2, zero).sum(-1)
    if method == "pointwise-bce":
        target = (labels / params["levels"]).clamp(max=1)
        return lambda scores: torch.where(mask, softplus(scores) - target * scores, zero).sum(-1)
    if method == "ordinal":
        levels = torch.arange(1, params["levels"] + 1, dtype=labels.dtype)
        thresholds = levels - (params["levels"] + 1) / 2
        signs = 1 - 2 * (labels.unsqueeze(-1) >= levels).to(labels.dtype)

        def ordinal(scores):
            return torch.where(mask, softplus(signs * (scores.unsqueeze(-1) - thresholds)).sum(-1), zero).sum(-1)

        return ordinal
    raise ValueError(f'no loss "{method}" here')


def array_of(block, operation):
    import numpy
    import torch

    return torch.from_numpy(numpy.frombuffer(block, dtype=DTYPES[operation["precision"]]).copy())


def tensor_of(block, operation):
    """A (batch, n) tensor with its own memory."""
    shape = (operation["batch"], operation["n"])
    array = array_of(block, operation)
    if array.numel() != math.prod(shape):
        raise ValueError(f"a block holds {array.numel()} numbers; {shape[0]} x {shape[1]} were expected")
    return array.reshape(shape)


def padded(block, operation):
    """(batch, longest) from lists one after another, and the mask of what is there."""
    import torch

    lengths = torch.tensor(operation["lengths"])
    mask = torch.arange(int(lengths.max())).unsqueeze(0) < lengths.unsqueeze(-1)
    tensor = torch.zeros(mask.shape, dtype=getattr(torch, DTYPES[operation["precision"]]))
    tensor[mask] = array_of(block, operation)
    return tensor, mask


def leaf_of(block, operation):
    tensor = padded(block, operation)[0] if operation["operator"] == "loss" else tensor_of(block, operation)
    return tensor.requires_grad_(True)


def prepare(operation, cotangent, extra):
    """(function, cotangent, flat): flat turns what has the shape of the input into items one after another."""
    if operation["operator"] != "loss":
        return function_of(operation), tensor_of(cotangent, operation), lambda tensor: tensor
    labels, mask = padded(extra[0], operation)
    lists = list_losses(operation["method"], operation["params"], labels, mask)
    return lambda scores: lists(scores).mean(), array_of(cotangent, operation)[0], lambda tensor: tensor[mask]


def bytes_of(tensor):
    return tensor.detach().contiguous().numpy().tobytes()


def hello(request, blocks):
    import numpy
    import torch
    import torchsort  # noqa: F401  (fails here, not in the first measurement)

    torch.set_num_threads(request["threads"])
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "torchsort": importlib.metadata.version("torchsort"),
        "numpy": numpy.__version__,
        "threads": torch.get_num_threads(),
        "openmp": {name: os.environ.get(name, "") for name in OPENMP},
        "parallel": torch.__config__.parallel_info(),
    }, []


def evaluate(request, blocks):
    import torch

    operation = request["operation"]
    values, (function, cotangent, flat) = leaf_of(blocks[0], operation), prepare(operation, blocks[1], blocks[2:])
    output = function(values)
    (gradient,) = torch.autograd.grad(output, values, cotangent)
    return {}, [bytes_of(output), bytes_of(flat(gradient))]


# Numbers that the graphs kept for the backward pass may hold together, counting a matrix of all pairs for each.
MOST_KEPT = 1 << 28


def kept_inputs(operation, inputs):
    """As many inputs as can have their graphs in memory at once; two still defeat a branch predictor that learns one."""
    if operation["method"] in ("hard", "permutahedron"):
        return inputs
    power = 3 if operation["method"] == "soft-ndcg" else 2
    entries = operation["batch"] * operation["n"] ** power
    return inputs[: max(2, MOST_KEPT // max(1, 4 * entries))]


def calls_of(metric, function, inputs, cotangent):
    """(call, items): `call(item)` is what is timed; the items are what it takes in turn."""
    from torch.autograd import grad

    if metric == "forward":
        return function, inputs
    if metric == "backward":
        graphs = [(function(values), values) for values in inputs]
        return lambda graph: grad(graph[0], graph[1], cotangent, retain_graph=True), graphs
    if metric == "both":
        return lambda values: grad(function(values), values, cotangent), inputs
    raise ValueError(f'metric "{metric}" is not forward, backward or both')


def batches(call, items):
    """A function that runs the next `calls` items and answers with the ns they took together."""
    turn = 0

    def run(calls):
        nonlocal turn
        taken = [items[(turn + i) % len(items)] for i in range(calls)]
        turn += calls
        start = time.perf_counter_ns()
        for item in taken:
            call(item)
        return time.perf_counter_ns() - start

    return run


def calibrate(run, least_ns):
    """(calls, ns) of a batch that lasts at least `least_ns`; the search doubles as the warm-up."""
    calls = 1
    while True:
        elapsed = max(1, run(calls))
        if elapsed >= least_ns:
            return calls, elapsed
        calls = max(calls * 2, min(calls * 10, math.ceil(calls * least_ns / elapsed)))


def sample(run, protocol):
    """ns a call, one sample a batch, in the order taken; cut to the budget, but never below FEWEST_SAMPLES."""
    for _ in range(CALIBRATIONS):
        calls, elapsed = calibrate(run, protocol["minBatchNs"])
    samples, budget_ms = protocol["samples"], protocol.get("budgetMs")
    if budget_ms is not None:
        samples = max(FEWEST_SAMPLES, min(samples, math.floor(budget_ms * 1e6 / elapsed)))
    return [run(calls) / calls for _ in range(samples)], calls


def time_calls(request, blocks):
    operation, count = request["operation"], request["inputs"]
    inputs = [leaf_of(block, operation) for block in blocks[:count]]
    function, cotangent, _ = prepare(operation, blocks[count], blocks[count + 1 :])
    call, items = calls_of(request["metric"], function, kept_inputs(operation, inputs), cotangent)
    run = batches(call, items)
    gc.collect()
    gc.disable()
    try:
        samples, calls = sample(run, request["protocol"])
    finally:
        gc.enable()
    return {"samples": samples, "callsPerBatch": calls}, []


HANDLERS = {"hello": hello, "evaluate": evaluate, "time": time_calls}


def answer(header, blocks):
    try:
        fields, out = HANDLERS[header["request"]](header, blocks)
        return {"id": header["id"], "ok": True, **fields}, out
    except Exception as error:
        traceback.print_exc()
        return {"id": header["id"], "ok": False, "error": {"type": type(error).__name__, "message": str(error)}}, []


def main():
    # Ctrl-C reaches the whole process group; the parent decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, sink = claim_streams()
    while True:
        try:
            header, blocks = read_frame(source)
        except EOFError:
            return
        write_frame(sink, *answer(header, blocks))


if __name__ == "__main__":
    main()
