"""Peers whose functions are of plain numbers: `build(operation)` gives (forward, backward), each of rows of numbers.

forward(rows) -> rows of the output; backward(rows, cotangents) -> rows of the gradient. Losses get (rows, labels) and answer
with a number. Rows are lists of floats, whatever the precision.
"""

from array import array

CODES = {"f32": "f", "f64": "d"}


def start(threads):
    return {"threads": threads, "parallel": "plain Python"}


def rows_of(block, operation):
    numbers = array(CODES[operation["precision"]])
    numbers.frombytes(bytes(block))
    lengths = operation.get("lengths") or [operation["n"]] * operation["batch"]
    if sum(lengths) != len(numbers):
        raise ValueError(f"a block holds {len(numbers)} numbers; {sum(lengths)} were expected")
    rows, at = [], 0
    for length in lengths:
        rows.append(list(numbers[at : at + length]))
        at += length
    return rows


def bytes_of(rows, operation):
    return array(CODES[operation["precision"]], [number for row in rows for number in row]).tobytes()


def evaluate(adapter, operation, values, cotangent, extra):
    forward, backward = adapter.build(operation)
    rows, cotangents = rows_of(values, operation), rows_of(cotangent, operation)
    if operation.get("only") == "forward":
        return [bytes_of(forward(rows), operation)]
    return [bytes_of(forward(rows), operation), bytes_of(backward(rows, cotangents), operation)]


def calls_of(adapter, operation, metric, inputs, cotangent, extra):
    forward, backward = adapter.build(operation)
    cotangents = rows_of(cotangent, operation)
    items = [rows_of(block, operation) for block in inputs]
    calls = {
        "forward": forward,
        "backward": lambda rows: backward(rows, cotangents),
        "both": lambda rows: (forward(rows), backward(rows, cotangents)),
    }
    return calls[metric], items
