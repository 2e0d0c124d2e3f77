"""One long-lived peer: evaluates and times torchsort for rank-bench.

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


def function_of(operation):
    """The operator as a function of one (batch, n) tensor."""
    import torch

    if operation["operator"] == "torch-sort":
        return lambda values: torch.sort(values, dim=-1).values
    import torchsort

    function = {"sort": torchsort.soft_sort, "rank": torchsort.soft_rank}[operation["operator"]]
    regularization, strength = operation["regularization"], operation["strength"]
    return lambda values: function(values, regularization=regularization, regularization_strength=strength)


def tensor_of(block, operation):
    """A (batch, n) tensor with its own memory."""
    import numpy
    import torch

    shape = (operation["batch"], operation["n"])
    array = numpy.frombuffer(block, dtype=DTYPES[operation["precision"]])
    if array.size != math.prod(shape):
        raise ValueError(f"a block holds {array.size} numbers; {shape[0]} x {shape[1]} were expected")
    return torch.from_numpy(array.reshape(shape).copy())


def leaf_of(block, operation):
    return tensor_of(block, operation).requires_grad_(True)


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
    values, cotangent = leaf_of(blocks[0], operation), tensor_of(blocks[1], operation)
    output = function_of(operation)(values)
    (gradient,) = torch.autograd.grad(output, values, cotangent)
    return {}, [bytes_of(output), bytes_of(gradient)]


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
    operation = request["operation"]
    *values, cotangent = blocks
    inputs = [leaf_of(block, operation) for block in values]
    function = function_of(operation)
    call, items = calls_of(request["metric"], function, inputs, tensor_of(cotangent, operation))
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
