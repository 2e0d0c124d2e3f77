"""Floors, plain calls of numpy: build(operation) gives (what is timed, its output, its gradient or None), each of (batch, n)."""

import numpy

DTYPES = {"f32": "float32", "f64": "float64"}


def start(threads):
    features = getattr(numpy._core._multiarray_umath, "__cpu_features__", {})
    used = " ".join(name for name, on in features.items() if on and name.startswith(("AVX", "X86_V")))
    return {"threads": 1, "parallel": f"numpy, one thread; {used}"}


def rows_of(block, operation):
    return numpy.frombuffer(block, DTYPES[operation["precision"]]).reshape(operation["batch"], operation["n"])


def evaluate(adapter, operation, values, cotangent, extra):
    _, output, gradient = adapter.build(operation)
    x, u = rows_of(values, operation), rows_of(cotangent, operation)
    return [output(x).tobytes(), *([] if gradient is None else [gradient(x, u).tobytes()])]


def calls_of(adapter, operation, metric, inputs, cotangent, extra):
    call, _, _ = adapter.build(operation)
    return call, [rows_of(block, operation) for block in inputs]
