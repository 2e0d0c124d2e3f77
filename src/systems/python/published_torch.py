"""
Benchmark scripts that peers publish, repeated on their functions of PyTorch tensors: what is called, how often, and what is printed.
PROGRAMS[program](adapter, operation, script, inputs, cotangent) answers with ns by pass.
"""

import time
from timeit import timeit

import torch
from torch_backend import like, tensor_of

from script_batches import trials_of


def calls(adapter, operation, script, inputs, cotangent):
    """torchsort's: one pass of a short row, then the mean of calls on one input; the loss is the sum."""

    def with_gradient(function, x):
        y = function(x)
        torch.autograd.grad(y.sum(), x)

    short = {**operation, "batch": 1, "n": script["warmUpItems"]}
    x = tensor_of(inputs[0], operation)
    with_gradient(adapter.build(short), torch.randn(1, script["warmUpItems"], dtype=x.dtype, requires_grad=True))
    function, leaf, count = adapter.build(operation), x.clone().requires_grad_(True), script["calls"]
    work = {"forward": lambda: function(x), "forward+backward": lambda: with_gradient(function, leaf)}
    return {each: timeit(work[each], number=count) / count * 1e9 for each in script["passes"]}


def batches(adapter, operation, script, inputs, cotangent):
    """softtorch's: without a graph forward, on a fresh leaf with the gradient of the sum."""
    function = adapter.build(operation)

    def calls_on(block):
        x = tensor_of(block, operation)

        def forward():
            with torch.no_grad():
                function(x)

        def with_gradient():
            leaf = x.detach().requires_grad_(True)
            function(leaf).sum().backward()

        work = {"forward": forward, "forward+backward": with_gradient}
        return {each: work[each] for each in script["passes"]}

    return trials_of(calls_on, script, inputs)


def runs(adapter, operation, script, inputs, cotangent):
    """LapSum's: each pass once on each input, the first included."""
    function, times = adapter.build(operation), []
    for block in inputs:
        leaf = tensor_of(block, operation).requires_grad_(True)
        start = time.perf_counter()
        output = function(leaf)
        forward = time.perf_counter() - start
        u = like(output, cotangent, operation)
        start = time.perf_counter()
        leaf.grad = None
        output.backward(u)
        times.append({"forward": forward, "backward": time.perf_counter() - start})
    return {each: sum(run[each] for run in times) / len(times) * 1e9 for each in script["passes"]}


def training(adapter, operation, script, inputs, cotangent):
    """SoftSort's: a step of training on the diagonal of a permutation matrix; a rank correlation ends what is timed."""
    from scipy import stats

    permutation, n = adapter.build(operation), operation["n"]
    scores = tensor_of(inputs[0], operation).requires_grad_(True)
    optimizer = torch.optim.SGD(
        [scores], lr=script["learningRate"], momentum=script["momentum"], weight_decay=script["weightDecay"]
    )

    def step():
        optimizer.zero_grad()
        low = torch.min(scores, dim=1, keepdim=True).values.detach()
        high = torch.max(scores, dim=1, keepdim=True).values.detach()
        matrix = permutation((scores - low) / (high - low))
        loss = torch.mean(1.0 - torch.log(torch.diagonal(matrix, dim1=1, dim2=2)))
        loss.backward(retain_graph=True)
        optimizer.step()

    def correlation():
        rows = scores.detach().numpy()
        return sum(stats.spearmanr(row, range(n, 0, -1))[0] for row in rows) / len(rows)

    for _ in range(script["burnIn"]):
        step()
    start = time.time()
    for _ in range(script["steps"]):
        step()
    correlation()
    return {"step": (time.time() - start) / script["steps"] * 1e9}


PROGRAMS = {"calls": calls, "batches": batches, "runs": runs, "training": training}
