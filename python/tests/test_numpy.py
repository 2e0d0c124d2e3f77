"""The functions of numpy arrays: names and defaults, nesting, masks, types, and what is refused."""

import doctest
import inspect
import threading

import numpy as np
import pytest
import rank_bench as rb
from rank_bench.assets import description


def test_the_examples_of_the_library_for_node():
    assert rb.soft_sort([5, 1, 2], strength=0.1).tolist() == [1, 2, 5]
    assert rb.soft_rank([5, 1, 2], strength=2).tolist() == [3, 1.25, 1.75]
    assert np.allclose(rb.soft_permutation([1, 3]), [[0.11920292, 0.88079708], [0.88079708, 0.11920292]])
    assert np.allclose(rb.soft_top_k([5, 1, 2], k=2, alpha=1), [0.98526, 0.31072, 0.70401], atol=1e-4)
    assert rb.soft_quantile([5, 1, 2], strength=0.1) == 2
    assert rb.soft_quantile([[5, 1], [2, 4]], q=1, strength=0.1).tolist() == [5, 4]
    assert rb.soft_quantile([5, 1, 2], q=[0, 0.5, 1], strength=0.1).tolist() == [1, 2, 5]
    output, gradient = rb.soft_rank([5, 1, 2], strength=2, cotangent=[0, 1, 0])
    assert gradient.tolist() == [0, 0.25, -0.25]
    assert rb.ranking_loss("approx-ndcg", [2, 1, 0.5], [0, 2, 1], alpha=10) == pytest.approx(-0.6581, abs=1e-4)
    value, gradient = rb.ranking_loss("ranknet", [2, 1, 0.5], [0, 2, 1], cotangent=1)
    assert np.allclose(gradient, [1.5486, -1.1085, -0.4400], atol=1e-4)
    assert rb.spearman_loss([3, 1, 2], [2, 0, 1], rank="sigmoid[strength=0.1]") == pytest.approx(0, abs=1e-12)
    masked = rb.apply("loss:softmax", [1, 2, 3], [1, 0, 1], mask=[True, True, False], weights=[2, 1, 1])
    assert masked == pytest.approx(2.6265, abs=1e-4)


def test_the_module_says_what_runs():
    assert doctest.testmod(rb, optionflags=doctest.ELLIPSIS).failed == 0


def test_names_and_defaults_are_those_of_the_description():
    content = description()
    for name, described in {**content["operators"], **content["composed"]}.items():
        kind, method = name.split(":")
        signature = inspect.signature(getattr(getattr(rb, kind), method.replace("-", "_")))
        for param, spec in described["params"].items():
            assert signature.parameters[param.replace("-", "_")].default == spec["default"]


def test_rows_of_any_lengths():
    assert [row.tolist() for row in rb.soft_sort([[5, 1, 2], [4, 3]], strength=0.1)] == [[1, 2, 5], [3, 4]]
    output, gradient = rb.soft_sort([[5, 1, 2], [4, 3]], strength=0.1, cotangent=[[1, 0, 0], [0, 1]])
    assert [row.tolist() for row in gradient] == [[0, 1, 0], [1, 0]]
    loss = rb.loss.listnet([[2, 1, 0.5], [1, 3]], [[0, 2, 1], [1, 0]])
    each = [rb.loss.listnet([2, 1, 0.5], [0, 2, 1]), rb.loss.listnet([1, 3], [1, 0])]
    assert loss == pytest.approx(np.mean(each))
    assert [p.shape for p in rb.soft_permutation([[1, 2, 3], [1, 2]])] == [(3, 3), (2, 2)]


def test_ignored_labels_are_a_mask():
    scores, labels = np.random.default_rng(0).normal(size=(2, 5)), np.array([[1, 0, -1, 2, -1], [0, 1, 2, 0, 1]])
    found, gradient = rb.loss.listnet(scores, labels, ignore=-1, cotangent=1)
    expected, same = rb.loss.listnet(scores, np.abs(labels), mask=labels != -1, cotangent=1)
    assert found == expected
    assert np.array_equal(gradient, same)
    assert (gradient[0, [2, 4]] == 0).all()
    rows, grades = [[2.0, 1.0, 0.5], [1.0, 3.0]], [[0, -1, 1], [1, 0]]
    found, gradient = rb.loss.listnet(rows, grades, ignore=-1, cotangent=1)
    assert found == rb.loss.listnet([[2.0, 0.5], [1.0, 3.0]], [[0, 1], [1, 0]])
    assert gradient[0][1] == 0


def test_list_weights_multiply():
    scores, labels = np.random.default_rng(0).normal(size=(2, 5)), np.array([[1, 0, 1, 2, 1], [0, 1, 2, 0, 1]])
    a, b = rb.loss.listnet(scores, labels, reduction="none")
    assert rb.loss.listnet(scores, labels, list_weights=[3, 0.5]) == pytest.approx((3 * a + 0.5 * b) / 2)


@pytest.mark.parametrize("shape", [(0,), (1,), (0, 5), (3, 0), (3, 1), (2, 3, 4)])
def test_shapes(shape):
    assert rb.soft_sort(np.ones(shape)).shape == shape
    assert rb.soft_permutation(np.ones(shape)).shape == (*shape, shape[-1])
    assert np.shape(rb.loss.softmax(np.ones(shape), np.ones(shape))) == ()


def test_types_and_strides():
    x = np.random.default_rng(0).normal(size=(4, 6))
    assert rb.soft_rank(x).dtype == np.float64
    assert rb.soft_rank(x.astype(np.float32)).dtype == np.float32
    half = x.astype(np.float16)
    assert rb.soft_rank(half).dtype == np.float16
    assert np.array_equal(rb.soft_rank(half), rb.soft_rank(half.astype(np.float32)).astype(np.float16))
    assert np.array_equal(rb.soft_rank(x.T, axis=0), rb.soft_rank(x).T)
    assert np.array_equal(rb.soft_rank(x[:, ::-2]), rb.soft_rank(x[:, ::-2].copy()))
    assert np.array_equal(rb.soft_rank(x.astype(">f8")), rb.soft_rank(x))
    assert np.array_equal(rb.soft_quantile(x, q=[0.5]), rb.soft_quantile(x, q=0.5)[:, None])
    before = x.copy()
    rb.soft_sort(x, cotangent=x)
    assert np.array_equal(x, before)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: rb.soft_rank([1, 2, np.nan]), "values: row 0, index 2 is nan; expected a finite number"),
        (lambda: rb.soft_rank([[1, 2], [np.inf, 2]]), "values: row 1, index 0 is inf"),
        (lambda: rb.soft_rank([1, 2], strenght=1), 'has no parameter "strenght".*\n.*did you mean strength'),
        (lambda: rb.soft_rank([1, 2], strength=-1), 'strength is "-1"; expected number >= 0'),
        (lambda: rb.soft_rank([1, 2], method="sigmoyd"), 'no method is called "rank:sigmoyd"'),
        (lambda: rb.loss.listnet([1, 2], [1, -1]), "labels: row 0, index 1 is -1.0; expected a finite grade >= 0"),
        (lambda: rb.loss.listnet([1, 2], None), "needs labels"),
        (lambda: rb.loss.listnet([1, 2], [1, 2, 3]), "shape"),
        (lambda: rb.loss.listnet([1, 2], [1, 0], weights=[1, -2]), "weights: row 0, index 1 is -2.0"),
        (lambda: rb.loss.softmax([1, 2], [1, 0], list_weights=[1, 2]), "list weights: 2 entries; expected 1"),
        (lambda: rb.soft_rank(3), "a single number"),
        (lambda: rb.soft_rank(["a", "b"]), "expected float64, float32"),
        (lambda: rb.soft_rank([1, 2], mask=[1, 0]), "expected True or False"),
        (lambda: rb.loss.pointwise_mse([1e200], [0]), "too large for it"),
        (lambda: rb.soft_quantile([[], []]), "row 0 is empty"),
        (lambda: rb.apply("topk:sparse", [1, 2]), "topk:sparse has no kernel"),
        (lambda: rb.soft_rank([1, 2], weights=[1, 2]), "has no kernel for item weights"),
        (lambda: rb.sort.neuralsort([1, 2], samples=3), "no kernel"),
        (lambda: rb.soft_rank([1, 2], strength=True), 'strength is "true"; expected number'),
        (lambda: rb.soft_rank([1, 2], strength="1_0"), 'strength is "1_0"'),
        (lambda: rb.apply("sort:permutahedron[straight-through=true,straight_through=false]", [1]), "given twice"),
        (lambda: rb.loss.listnet([1, 2], [1, 0], ignore="nan"), 'ignore is "nan"; expected a label'),
        (lambda: rb.loss.topk_cross_entropy([1, 2], [1, 0], p_k="0.5x0.4"), "sum to 1"),
        (lambda: rb.soft_quantile([1, 2], q=[0.5, 2]), "q is .*expected number >= 0 and <= 1"),
        (lambda: rb.apply("rank:sigmoid[strength=1", [1, 2]), "no closing bracket"),
        (lambda: rb.apply("sigmoid", [1, 2]), "no method is called"),
    ],
)
def test_what_is_refused(act, words):
    with pytest.raises(rb.RankBenchError, match=words):
        act()


def test_threads_have_the_answers_of_one():
    x = np.random.default_rng(0).normal(size=(8, 40))
    expected = rb.sort.neuralsort(x)
    found = []
    threads = [threading.Thread(target=lambda: found.append(rb.sort.neuralsort(x))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(np.array_equal(each, expected) for each in found)


def test_memory_that_grows_keeps_plans():
    x = np.random.default_rng(0).normal(size=(3, 9))
    before = rb.soft_rank(x)
    rb.soft_permutation(np.zeros((4, 1000)))
    assert np.array_equal(rb.soft_rank(x), before)


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="no fork here")
def test_a_forked_child_has_engines_of_its_own():
    import multiprocessing

    x = np.random.default_rng(0).normal(size=(3, 9))
    expected = rb.soft_rank(x)
    # An engine that somebody is using while the process forks stays locked in the child.
    from rank_bench.engine import engine

    with engine().lock, multiprocessing.get_context("fork").Pool(1) as pool:
        found = pool.apply_async(rb.soft_rank, (x,)).get(30)
    assert np.array_equal(found, expected)


def test_a_module_of_another_version_is_not_run(monkeypatch):
    from rank_bench import engine

    other = {**description(), "module": {**description()["module"], "layoutVersion": 1}}
    monkeypatch.setattr(engine, "description", lambda: other)
    with pytest.raises(RuntimeError, match="expected 1, that of operators.json"):
        engine.Engine()
