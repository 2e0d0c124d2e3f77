"""Peers whose functions are of JAX arrays: compiled by jit, the gradient by jax.vjp; every call waits for its result.

`backward` is the pullback that a compiled forward pass left behind, compiled itself. f32 is JAX's own default: 64-bit numbers
are switched on for operations in f64 only. Labels are arguments of what is compiled, as in a training step: of constants XLA
would compute beforehand all that depends on them alone.
"""

import os

# Everybody computes on the processor, also where JAX would find something else.
os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy  # noqa: E402

from kept import kept  # noqa: E402

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
    """The function of an operation, of (x) or (scores, labels), and what is compiled of it."""

    def __init__(self, adapter, operation):
        if operation["operator"] == "loss":
            mask = mask_of(operation)
            self.function = lambda x, y: jnp.mean(adapter.build(operation, y, jnp.asarray(mask))(x))
            self.flat = lambda array: numpy.asarray(array)[mask]
        else:
            self.function = adapter.build(operation)
            self.flat = numpy.asarray
        self.forward = jax.jit(self.function)
        self.record = jax.jit(self.value_and_pull)
        self.pull = jax.jit(lambda pull, u: pull(u)[0])
        self.both = jax.jit(self.value_and_pulled)
        self.push = jax.jit(self.pushed)
        self.shape = None

    def shape_of(self, x, *labels):
        """Of the output. Asked once: to trace a function takes many times what the compiled one does."""
        if self.shape is None:
            self.shape = jax.eval_shape(self.function, x, *labels).shape
        return self.shape

    def value_and_pull(self, x, *labels):
        return jax.vjp(lambda x: self.function(x, *labels), x)

    def value_and_pulled(self, x, u, *labels):
        value, pull = self.value_and_pull(x, *labels)
        return value, pull(u.reshape(value.shape))[0]

    def pushed(self, x, along, *labels):
        return jax.jvp(lambda x: self.function(x, *labels), (x,), (along,))[1]


def calls_for(adapter, operation):
    jax.config.update("jax_enable_x64", operation["precision"] == "f64")
    return kept(operation, (), lambda: Calls(adapter, operation))


def labels_of(operation, extra):
    """What a function takes besides its input: labels, of a loss."""
    return [inner_of(block, operation) for block in extra[:1]] if operation["operator"] == "loss" else []


def like(shape, cotangent, operation):
    array = numbers(cotangent, operation)
    if array.size != numpy.prod(shape, dtype=int):
        raise ValueError(f"the output has shape {' x '.join(map(str, shape)) or 'one number'}; {array.size} numbers were expected")
    return jnp.asarray(array.reshape(shape))


def evaluate(adapter, operation, values, cotangent, extra):
    calls, x, labels = calls_for(adapter, operation), inner_of(values, operation), labels_of(operation, extra)
    if operation.get("only") == "forward":
        return [bytes_of(calls.forward(x, *labels), operation)]
    value, gradient = calls.both(x, like(calls.shape_of(x, *labels), cotangent, operation), *labels)
    return [bytes_of(value, operation), bytes_of(calls.flat(gradient), operation)]


def push(adapter, operation, values, direction, extra):
    calls, labels = calls_for(adapter, operation), labels_of(operation, extra)
    tangent = calls.push(inner_of(values, operation), inner_of(direction, operation), *labels)
    return [bytes_of(tangent, operation)]


def calls_of(adapter, operation, metric, inputs, cotangent, extra):
    calls, items = calls_for(adapter, operation), [inner_of(block, operation) for block in inputs]
    labels, wait = labels_of(operation, extra), jax.block_until_ready
    value = wait(calls.forward(items[0], *labels))
    if metric == "forward":
        return lambda x: wait(calls.forward(x, *labels)), items
    u = like(value.shape, cotangent, operation)
    if metric == "both":
        return lambda x: wait(calls.both(x, u, *labels)), items
    pulls = [wait(calls.record(x, *labels))[1] for x in items]
    return lambda pull: wait(calls.pull(pull, u)), pulls


def bytes_of(array, operation):
    return numpy.ascontiguousarray(array, DTYPES[operation["precision"]]).tobytes()
