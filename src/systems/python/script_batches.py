"""How the benchmark scripts of softtorch and softjax take the time of a call: in batches, of which the last counts."""

import gc
import time


def microtime(call, calls, warm_up):
    """ns a call, after calls that do not count."""
    start = 0
    for i in range(calls + warm_up):
        if i == warm_up:
            start = time.perf_counter_ns()
        call()
    return (time.perf_counter_ns() - start) / calls


def batch_of(call, script):
    gc.disable()
    calls = max(1, int(script["batchMs"] * 1e6 / microtime(call, 1, 0)))
    for _ in range(script["dropped"] + 1):
        last = microtime(call, calls, script["warmUp"])
    gc.enable()
    gc.collect(1)
    return last


def trials_of(make_calls, script, inputs):
    """The mean over inputs of every pass; make_calls gives the call of each pass on one input."""
    times = [{key: batch_of(call, script) for key, call in make_calls(block).items()} for block in inputs]
    return {key: sum(each[key] for each in times) / len(times) for key in times[0]}
