"""Peers whose functions are of PyTorch tensors: the gradient is that of autograd.

`forward` is the call on an input that requires a gradient, as in a training step, so the graph is recorded: torch.no_grad()
is not used. `backward` is torch.autograd.grad(output, input, cotangent) on graphs made beforehand and kept. `both` is a
forward and the gradient through its own graph.
"""

import math

import numpy
import torch
import torch._dynamo
import torch._functorch.config
from torch.autograd import grad

from kept import kept

DTYPES = {"f32": "float32", "f64": "float64"}


def start(threads):
    torch.set_num_threads(threads)
    # Every shape is a graph of its own; beyond a limit compiled functions would be run eagerly without a word.
    torch._dynamo.config.recompile_limit = 1 << 16
    torch._dynamo.config.accumulated_recompile_limit = 1 << 16
    # Graphs are kept for the backward pass that is timed alone.
    torch._functorch.config.donated_buffer = False
    return {"threads": torch.get_num_threads(), "parallel": torch.__config__.parallel_info()}


def array_of(block, operation):
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
    lengths = torch.tensor(operation["lengths"])
    mask = torch.arange(int(lengths.max())).unsqueeze(0) < lengths.unsqueeze(-1)
    tensor = torch.zeros(mask.shape, dtype=getattr(torch, DTYPES[operation["precision"]]))
    tensor[mask] = array_of(block, operation)
    return tensor, mask


def inner_of(block, operation):
    """As the functions take it."""
    return padded(block, operation)[0] if operation["operator"] == "loss" else tensor_of(block, operation)


def leaf_of(block, operation):
    return inner_of(block, operation).requires_grad_(True)


def function_of(adapter, operation, extra):
    """(function, flat): flat turns what has the shape of the input into items one after another."""

    def make():
        if operation["operator"] != "loss":
            return adapter.build(operation), lambda tensor: tensor
        labels, mask = padded(extra[0], operation)
        lists = adapter.build(operation, labels, mask)
        return lambda scores: lists(scores).mean(), lambda tensor: tensor[mask]

    return kept(operation, extra, make)


def like(output, cotangent, operation):
    """The cotangent in the shape of the output."""
    array = array_of(cotangent, operation)
    if array.numel() != output.numel():
        shape = " x ".join(map(str, output.shape)) or "one number"
        raise ValueError(f"the output has shape {shape}; {array.numel()} numbers were expected")
    return array.reshape(output.shape)


def evaluate(adapter, operation, values, cotangent, extra):
    """Bytes of the output and of the gradient."""
    values, (function, flat) = leaf_of(values, operation), function_of(adapter, operation, extra)
    output = function(values)
    if operation.get("only") == "forward":
        return [bytes_of(output)]
    (gradient,) = grad(output, values, like(output, cotangent, operation))
    answers = [bytes_of(output), bytes_of(flat(gradient))]
    return [*answers, bytes_of(flat(values))] if operation.get("inspect") else answers


def push(adapter, operation, values, direction, extra):
    """Bytes of the derivative along a direction, in forward mode."""
    function, _ = function_of(adapter, operation, extra)
    inner = inner_of(values, operation), inner_of(direction, operation)
    return [bytes_of(torch.func.jvp(function, (inner[0],), (inner[1],))[1])]


# Numbers that the graphs kept for the backward pass may hold together.
MOST_KEPT = 1 << 28


def kept_inputs(entries, inputs):
    """As many inputs as can have their graphs in memory at once; two still defeat a branch predictor that learns one."""
    return inputs if entries == 0 else inputs[: max(2, MOST_KEPT // entries)]


def calls_of(adapter, operation, metric, inputs, cotangent, extra):
    """(call, items): `call(item)` is what is timed; the items are what it takes in turn."""
    function, _ = function_of(adapter, operation, extra)
    leaves = kept_inputs(adapter.kept_entries(operation), [leaf_of(block, operation) for block in inputs])
    if metric == "forward":
        return function, leaves
    graphs = [(function(values), values) for values in (leaves if metric == "backward" else leaves[:1])]
    cotangent = like(graphs[0][0], cotangent, operation)
    if metric == "backward":
        return lambda graph: grad(graph[0], graph[1], cotangent, retain_graph=True), graphs
    return lambda values: grad(function(values), values, cotangent), leaves


def bytes_of(tensor):
    return tensor.detach().contiguous().numpy().tobytes()
