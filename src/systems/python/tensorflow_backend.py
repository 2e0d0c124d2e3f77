"""Peers whose functions are of TensorFlow tensors, traced by tf.function; the gradient is that of a tape.

`backward` is the gradient of a traced forward pass under a persistent tape that is kept. Labels are arguments of what is traced,
as in a training step.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy  # noqa: E402
import tensorflow as tf  # noqa: E402

from kept import kept  # noqa: E402

DTYPES = {"f32": "float32", "f64": "float64"}


def start(threads):
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    return {"threads": threads, "parallel": f"TensorFlow, {threads} intra-op, 1 inter-op"}


def numbers(block, operation):
    return numpy.frombuffer(block, dtype=DTYPES[operation["precision"]])


def mask_of(operation):
    lengths = numpy.asarray(operation["lengths"])
    return numpy.arange(lengths.max())[None, :] < lengths[:, None]


def inner_of(block, operation):
    if operation["operator"] != "loss":
        return tf.constant(numbers(block, operation).reshape(operation["batch"], operation["n"]))
    mask = mask_of(operation)
    padded = numpy.zeros(mask.shape, DTYPES[operation["precision"]])
    padded[mask] = numbers(block, operation)
    return tf.constant(padded)


class Calls:
    def __init__(self, adapter, operation):
        if operation["operator"] == "loss":
            mask = mask_of(operation)
            function = lambda x, y: tf.reduce_mean(adapter.build(operation, y, tf.constant(mask))(x))  # noqa: E731
            self.flat = lambda tensor: tensor.numpy()[mask]
        else:
            function = adapter.build(operation)
            self.flat = lambda tensor: tensor.numpy()
        self.forward = tf.function(function)
        self.both = tf.function(self.value_and_gradient)

    def value_and_gradient(self, x, u, *labels):
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = self.forward(x, *labels)
        return value, tape.gradient(value, x, output_gradients=tf.reshape(u, tf.shape(value)))


def calls_for(adapter, operation):
    return kept(operation, (), lambda: Calls(adapter, operation))


def labels_of(operation, extra):
    """What a function takes besides its input: labels, of a loss."""
    return [inner_of(block, operation) for block in extra[:1]] if operation["operator"] == "loss" else []


def evaluate(adapter, operation, values, cotangent, extra):
    calls, u = calls_for(adapter, operation), tf.constant(numbers(cotangent, operation))
    if operation.get("only") == "forward":
        value = calls.forward(inner_of(values, operation), *labels_of(operation, extra))
        return [numpy.ascontiguousarray(value.numpy()).tobytes()]
    value, gradient = calls.both(inner_of(values, operation), u, *labels_of(operation, extra))
    return [numpy.ascontiguousarray(value.numpy()).tobytes(), numpy.ascontiguousarray(calls.flat(gradient)).tobytes()]


def recorded(calls, x, labels):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        value = calls.forward(x, *labels)
    return tape, x, value


def calls_of(adapter, operation, metric, inputs, cotangent, extra):
    calls, items = calls_for(adapter, operation), [inner_of(block, operation) for block in inputs]
    u, labels = tf.constant(numbers(cotangent, operation)), labels_of(operation, extra)
    if metric == "forward":
        return lambda x: calls.forward(x, *labels).numpy(), items
    if metric == "both":
        return lambda x: calls.both(x, u, *labels)[1].numpy(), items
    graphs = [recorded(calls, x, labels) for x in items]
    u = tf.reshape(u, tf.shape(graphs[0][2]))
    return lambda graph: graph[0].gradient(graph[2], graph[1], output_gradients=u).numpy(), graphs
