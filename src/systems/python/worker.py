"""One long-lived peer: evaluates and times what an adapter offers, for rank-bench.

    python worker.py adapters/torchsort.py

Frames on stdin and stdout: a 4-byte little-endian header length, a JSON header whose "blocks" lists byte lengths, then
those blocks. Block numbers are in the machine's own byte order, since both ends share the machine. One request, one
answer, in order: {"id", "ok": true, ...} or {"id", "ok": false, "error": {"type", "message"}}. The process ends when
stdin does. The other end is session.ts.

Every timed call takes the next of the given inputs: torch.sort on one repeated row of 1,000 is about three times faster
than on rows that differ, because the branch predictor learns the permutation.
"""

import ctypes
import gc
import importlib
import json
import math
import os
import signal
import struct
import sys
import threading
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from adapter import known_of, load_adapter, versions_of  # noqa: E402

LENGTH = struct.Struct("<I")
CALIBRATIONS = 2
FEWEST_SAMPLES = 3
PR_SET_PDEATHSIG = 1
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


def end_with(parent):
    """A peer that computes, or hangs, does not see its stdin end: where the parent is gone, so is this process."""

    def look():
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=look, daemon=True).start()
    if sys.platform == "linux":
        # A call that keeps the interpreter's lock keeps the thread from looking; the kernel needs no lock.
        try:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        except (OSError, AttributeError):
            pass


def read_exactly(source, size):
    data = bytearray(size)
    view, filled = memoryview(data), 0
    while filled < size:
        count = source.readinto(view[filled:])
        if not count:
            raise EOFError
        filled += count
    return data


def number_of(value):
    """A whole number as a float where no count is as large: JSON does not tell 3e9 from 3000000000, and JAX takes it for 32 bits."""
    return float(value) if isinstance(value, int) and abs(value) >= 2**31 else value


def read_frame(source):
    """(header, blocks). Raises EOFError when the other end has closed."""
    (size,) = LENGTH.unpack(read_exactly(source, LENGTH.size))
    header = json.loads(bytes(read_exactly(source, size)))
    if "params" in header.get("operation", {}):
        header["operation"]["params"] = {name: number_of(value) for name, value in header["operation"]["params"].items()}
    return header, [read_exactly(source, length) for length in header["blocks"]]


def write_frame(sink, header, blocks=()):
    header["blocks"] = [len(block) for block in blocks]
    text = json.dumps(header, allow_nan=False).encode()
    sink.write(LENGTH.pack(len(text)) + text)
    for block in blocks:
        sink.write(block)
    sink.flush()


def hello(request, blocks):
    threads = backend.start(request["threads"])
    openmp = {name: os.environ.get(name, "") for name in OPENMP}
    said = {"name": adapter.name, "versions": versions_of(adapter), "passes": list(adapter.passes)}
    return {**said, "openmp": openmp, **threads}, []


def evaluate(request, blocks):
    operation = request["operation"]
    start = time.perf_counter_ns()
    answers = backend.evaluate(adapter, operation, blocks[0], blocks[1], blocks[2:])
    elapsed = time.perf_counter_ns() - start
    said = {"call": "", "notes": [], "rounding": "", **adapter.describe(operation)}
    return {"ns": elapsed, "known": known_of(adapter, operation), **said}, answers


def push(request, blocks):
    """The derivative along a direction, where the peer has a forward mode."""
    if not hasattr(backend, "push"):
        raise NotImplementedError("no forward mode")
    return {}, backend.push(adapter, request["operation"], blocks[0], blocks[1], blocks[2:])


def reset_peak():
    """From here on the peak of memory counts anew, where the system can do that."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass


def peak_bytes():
    """The most memory that was resident since the last reset, of Linux; elsewhere nothing."""
    try:
        with open("/proc/self/status") as file:
            line = next(line for line in file if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    except (OSError, StopIteration):
        return None


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
    count = request["inputs"]
    inputs, cotangent, extra = blocks[:count], blocks[count], blocks[count + 1 :]
    call, items = backend.calls_of(adapter, request["operation"], request["metric"], inputs, cotangent, extra)
    run = batches(call, items)
    gc.collect()
    gc.disable()
    reset_peak()
    try:
        samples, calls = sample(run, request["protocol"])
    finally:
        gc.enable()
    return {"samples": samples, "callsPerBatch": calls, "peakBytes": peak_bytes()}, []


def published(request, blocks):
    """What a published benchmark script prints, repeated here."""
    programs = importlib.import_module(f"published_{adapter.backend}").PROGRAMS
    count, script = request["inputs"], request["script"]
    means = programs[script["program"]](adapter, request["operation"], script, blocks[:count], blocks[count])
    return {"means": means}, []


adapter = None
backend = None


def take(path):
    """Loads the adapter and the backend that its functions are of."""
    global adapter, backend
    adapter = load_adapter(path)
    os.environ.update(adapter.environment)
    backend = importlib.import_module(f"{adapter.backend}_backend")


HANDLERS = {"hello": hello, "evaluate": evaluate, "push": push, "time": time_calls, "published": published}


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
    end_with(os.getppid())
    source, sink = claim_streams()
    if len(sys.argv) > 1:
        take(sys.argv[1])
    while True:
        try:
            header, blocks = read_frame(source)
        except EOFError:
            return
        write_frame(sink, *answer(header, blocks))


if __name__ == "__main__":
    main()
