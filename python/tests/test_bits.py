"""The kernels under wasmtime answer what they answer in Node, to the last bit, at every point of every operator."""

import numpy as np
import pytest
from rank_bench import NoKernelError, RankBenchError
from rank_bench.assets import description
from rank_bench.evaluate import Forward, Given
from rank_bench.frames import RaggedFrame
from rank_bench.operators import operator

_content = description()
names = [*_content["operators"], *_content["composed"]]

#: Node computes these partly in TypeScript: over any relaxed permutation, and with item weights. Here a kernel does
#: all of it.
partly = {"loss:permutation-cross-entropy", "loss:topk-cross-entropy", "sort:permutahedron", "rank:permutahedron"}


def _rows(frame, flat):
    return np.split(flat, frame.rows.offsets[1:-1].astype(np.int64))


def _same(found, expected):
    return found.dtype == expected.dtype and np.array_equal(found, expected, equal_nan=True)


def _flat(nested):
    return np.concatenate([np.ravel(each) for each in nested]) if isinstance(nested, list) else np.ravel(nested)


def _compare(answer):
    """What differs, or None. Raises what the package raises."""
    op = operator(answer.name, answer.params)
    frame = RaggedFrame(answer.lengths)
    given = Given(
        None if answer.labels is None else _rows(frame, answer.labels),
        None if answer.weights is None else _rows(frame, answer.weights),
        answer.list_weights,
    )
    made = Forward(op, _rows(frame, answer.values), frame, given)
    if not _same(_flat(made.output), answer.output):
        return f"output of {answer}: {_flat(made.output)} is not {answer.output}"
    gradient = _flat(made.pull(_cotangent(op, frame, answer)))
    return None if _same(gradient, answer.result) else f"gradient of {answer}: {gradient} is not {answer.result}"


def _cotangent(op, frame, answer):
    return _rows(frame, answer.cotangent) if op.output == "item" else answer.cotangent


@pytest.mark.parametrize("name", names)
def test_every_answer_is_that_of_node_bit_for_bit(answers, name):
    compared = missing = 0
    for answer in answers[name]:
        if answer.has_none:
            with pytest.raises(NoKernelError):
                _compare(answer)
            continue
        if answer.refused or not np.isfinite(answer.output).all():
            with pytest.raises(RankBenchError):
                _compare(answer)
            continue
        try:
            wrong = _compare(answer)
        except NoKernelError:
            assert name in partly, f"{answer} has kernels in Node"
            missing += 1
            continue
        assert wrong is None, wrong
        compared += 1
    assert compared > 0 or missing > 0
    assert compared > 0, f"{name}: none of {missing} points has a kernel"
