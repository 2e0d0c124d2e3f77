"""Peers whose functions are of JAX arrays: compiled by jit, the gradient by jax.vjp; every call waits for its result.

`backward` is the pullback that a compiled forward pass left behind, compiled itself. f32 is JAX's own default: 64-bit numbers
are switched on for operations in f64 only.
"""

import os

import jax
import jax.numpy as jnp
import numpy

from kept import kept

DTYPES = {"f32": "float32", "f64": "float64"}


def start(threads):
    """XLA takes as many threads as the process has cores, when it first computes."""
    if not hasattr(os, "sched_setaffinity"):
        return {"threads": os.cpu_count(), "parallel": "XLA, as many threads as there are cores: it cannot be told here"}
    cores = sorted(os.sched_getaffinity(0))[:threads]
    os.sched_setaffinity(0, cores)
    return {"threads": len(cores), "parallel": f"XLA, pinned to {len(cores)} of the cores"}


def numbers(block, operation):
    return numpy.frombuffer(block, dtype=DTYPES[operation["precision"]])


def mask_of(operation):
    lengths = numpy.asarray(operation["lengths"])
    return numpy.arange(lengths.max())[None, :] < lengths[:, None]


def inner_of(block, operation):
    """A (batch, n) array, of lists the longest."""
    jax.config.update("jax_enable_x64", operation["precision"] == "f64")
    if operation["operator"] != "loss":
        return jnp.asarray(numbers(block, operation).reshape(operation["batch"], operation["n"]))
    mask = mask_of(operation)
    padded = numpy.zeros(mask.shape, DTYPES[operation["precision"]])
    padded[mask] = numbers(block, operation)
    return jnp.asarray(padded)


class Calls:
    """The function of an operation, and what is compiled of it."""

    def __init__(self, adapter, operation, extra):
        if operation["operator"] == "loss":
            mask = mask_of(operation)
            lists = adapter.build(operation, inner_of(extra[0], operation), jnp.asarray(mask))
            self.function = lambda scores: jnp.mean(lists(scores))
            self.flat = lambda array: numpy.asarray(array)[mask]
        else:
            self.function = adapter.build(operation)
            self.flat = numpy.asarray
        compiled = jax.jit if getattr(adapter, "jitted", True) else lambda function: function
        self.forward = compiled(self.function)
        self.record = compiled(lambda x: jax.vjp(self.function, x))
        self.pull = compiled(lambda pull, u: pull(u)[0])
        self.both = compiled(self.value_and_pulled)

    def value_and_pulled(self, x, u):
        value, pull = jax.vjp(self.function, x)
        return value, pull(u.reshape(value.shape))[0]


def calls_for(adapter, operation, extra):
    jax.config.update("jax_enable_x64", operation["precision"] == "f64")
    return kept(operation, extra, lambda: Calls(adapter, operation, extra))


def like(shape, cotangent, operation):
    array = numbers(cotangent, operation)
    if array.size != numpy.prod(shape, dtype=int):
        raise ValueError(f"the output has shape {' x '.join(map(str, shape)) or 'one number'}; {array.size} numbers were expected")
    return jnp.asarray(array.reshape(shape))


def evaluate(adapter, operation, values, cotangent, extra):
    calls, x = calls_for(adapter, operation, extra), inner_of(values, operation)
    shape = jax.eval_shape(calls.function, x).shape if getattr(adapter, "jitted", True) else calls.function(x).shape
    value, gradient = calls.both(x, like(shape, cotangent, operation))
    return [bytes_of(value, operation), bytes_of(calls.flat(gradient), operation)]


def push(adapter, operation, values, direction, extra):
    calls = calls_for(adapter, operation, extra)
    tangent = jax.jvp(calls.function, (inner_of(values, operation),), (inner_of(direction, operation),))[1]
    return [bytes_of(tangent, operation)]


def calls_of(adapter, operation, metric, inputs, cotangent, extra):
    # What is not compiled takes long a call: two inputs still differ.
    inputs = inputs if getattr(adapter, "jitted", True) else inputs[:2]
    calls, items = calls_for(adapter, operation, extra), [inner_of(block, operation) for block in inputs]
    wait = jax.block_until_ready
    value = wait(calls.forward(items[0]))
    if metric == "forward":
        return lambda x: wait(calls.forward(x)), items
    u = like(value.shape, cotangent, operation)
    if metric == "both":
        return lambda x: wait(calls.both(x, u)), items
    pulls = [wait(calls.record(x))[1] for x in items]
    return lambda pull: wait(calls.pull(pull, u)), pulls


def bytes_of(array, operation):
    return numpy.ascontiguousarray(array, DTYPES[operation["precision"]]).tobytes()
