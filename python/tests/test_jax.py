"""custom_vjp over pure_callback: check_grads eager and under jit, vmap, training with optax and flax, edge cases."""

import numpy as np
import pytest

jax = pytest.importorskip("jax", reason="JAX is not installed")
jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp  # noqa: E402
import rank_bench as rb  # noqa: E402
import rank_bench.jax as rbj  # noqa: E402
from jax.test_util import check_grads  # noqa: E402
from points import exact, names  # noqa: E402
from rank_bench.operators import operator  # noqa: E402

_nothing = {"weights": None, "list_weights": None, "mask": None, "lengths": None, "axis": -1}
_values = jnp.asarray(np.random.default_rng(1).normal(size=(2, 6)))
_labels = jnp.array([[2, 0, 1, 3, 0, 1], [0, 1, 2, 0, 0, 0]])


def _call(name, params, values, **options):
    op = operator(name, params)
    return rbj.call(op, values, _labels if op.has_labels else None, **{**_nothing, **options})


@pytest.mark.parametrize("name", names)
def test_gradients_are_those_of_differences_eager_and_under_jit(name):
    for params in exact(name)[:3]:
        f = lambda x: _call(name, params, x)  # noqa: E731
        for function in (f, jax.jit(f)):
            check_grads(function, (_values,), 1, ["rev"], atol=1e-5, rtol=1e-4)
        op = operator(name, params)
        labels = np.asarray(_labels) if op.has_labels else None
        expected = rb.numpy_api.call(op, np.asarray(_values), labels, **{**_nothing, "cotangent": None})
        assert np.array_equal(np.asarray(jax.jit(f)(_values)), expected)


def test_vmap_equals_the_batch_bit_for_bit():
    f = lambda x: rbj.soft_rank(x, strength=0.7)  # noqa: E731
    assert jnp.array_equal(jax.vmap(f)(_values), f(_values))
    assert jnp.array_equal(jax.jit(jax.vmap(f, in_axes=1, out_axes=1))(_values.T), f(_values).T)
    one = jax.vmap(jax.grad(lambda x: (f(x) ** 2).sum()))(_values)
    assert jnp.array_equal(one, jax.grad(lambda x: (f(x) ** 2).sum())(_values))


def test_losses_under_vmap_are_reduced_apart():
    each = rbj.loss.softmax(_values, _labels, reduction="none")
    assert jnp.array_equal(jax.vmap(rbj.loss.softmax)(_values, _labels), each)
    shared = jax.vmap(lambda x: rbj.loss.softmax(x, _labels[0]))(_values)
    assert jnp.array_equal(shared[0], each[0])
    by_labels = jax.vmap(lambda y: rbj.loss.softmax(_values[0], y))(_labels)
    assert jnp.array_equal(by_labels[0], each[0])
    gradients = jax.vmap(jax.grad(rbj.loss.softmax))(_values, _labels)
    assert jnp.array_equal(gradients[1], jax.grad(rbj.loss.softmax)(_values[1], _labels[1]))


def test_one_operator_twice_in_a_graph():
    check_grads(lambda x: rbj.soft_rank(x) * rbj.soft_rank(3 * x), (_values,), 1, ["rev"], atol=1e-5, rtol=1e-4)


def test_what_has_no_derivative_here_says_so():
    f = lambda x: (rbj.soft_rank(x) ** 2).sum()  # noqa: E731
    with pytest.raises(rb.SecondDerivativeError, match="second derivatives of rank:permutahedron"):
        jax.grad(lambda x: jax.grad(f)(x).sum())(_values)
    with pytest.raises(TypeError, match="forward-mode"):
        jax.jvp(f, (_values,), (_values,))


def test_large_batches_under_jit():
    x = jnp.asarray(np.random.default_rng(2).normal(size=(512, 300)), jnp.float32)
    found = jax.jit(jax.grad(lambda x: (rbj.soft_sort(x) * jnp.arange(300)).sum()))(x)
    bar = np.broadcast_to(np.arange(300, dtype=np.float32), x.shape)
    _, expected = rb.soft_sort(np.asarray(x), cotangent=bar)
    assert np.array_equal(np.asarray(found), expected)


def _task():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(16, 10, 5)).astype(np.float32)
    order = (features @ np.array([1.0, -2.0, 0.5, 0.0, 1.0])).argsort(-1).argsort(-1)
    return jnp.asarray(features), jnp.asarray(order // 3)


@pytest.mark.parametrize("loss", ["listnet", "approx-ndcg", "lambdarank"])
def test_a_ranker_trains_with_optax(loss):
    optax = pytest.importorskip("optax", reason="optax is not installed")
    features, labels = _task()
    optimiser = optax.adam(0.05)

    @jax.jit
    def step(weights, state):
        value, gradient = jax.value_and_grad(lambda w: rbj.ranking_loss(loss, features @ w, labels))(weights)
        change, state = optimiser.update(gradient, state)
        return optax.apply_updates(weights, change), state, value

    weights = jnp.zeros(5, jnp.float32) + 0.1
    state = optimiser.init(weights)
    values = []
    for _ in range(60):
        weights, state, value = step(weights, state)
        values.append(float(value))
    assert values[-1] < values[0]
    assert np.corrcoef(np.asarray(features @ weights).ravel(), np.asarray(labels).ravel())[0, 1] > 0.6


def test_a_ranker_trains_with_flax():
    nnx = pytest.importorskip("flax.nnx", reason="flax is not installed")
    optax = pytest.importorskip("optax", reason="optax is not installed")
    features, labels = _task()
    model = nnx.Linear(5, 1, rngs=nnx.Rngs(0))
    optimiser = nnx.Optimizer(model, optax.adam(0.05), wrt=nnx.Param)

    @nnx.jit
    def step(model, optimiser):
        value, gradient = nnx.value_and_grad(lambda m: rbj.loss.soft_ndcg(m(features)[..., 0], labels))(model)
        optimiser.update(model, gradient)
        return value

    values = [float(step(model, optimiser)) for _ in range(60)]
    assert values[-1] < values[0] - 0.05


class TestEdges:
    @pytest.mark.parametrize("shape", [(0,), (1,), (0, 5), (3, 0), (3, 1), (2, 3, 4)])
    def test_shapes(self, shape):
        x = jnp.ones(shape)
        assert rbj.soft_sort(x).shape == shape
        assert jax.grad(lambda x: rbj.loss.listnet(x, jnp.ones(shape)))(x).shape == shape
        assert rbj.loss.listnet(x, jnp.ones(shape), reduction="none").shape == shape[:-1]

    @pytest.mark.parametrize("kind", [jnp.float16, jnp.bfloat16, jnp.float32])
    def test_types(self, kind):
        x = _values.astype(kind)
        assert rbj.soft_rank(x).dtype == kind
        assert jax.grad(lambda x: rbj.soft_rank(x)[0, 0])(x).dtype == kind
        assert rbj.soft_rank(jnp.array([5, 1, 2])).tolist() == [3, 1, 2]

    def test_masks_and_lengths(self):
        lengths = jnp.array([2, 6])
        mask = jnp.arange(6) < lengths[:, None]
        alone = [rbj.loss.listnet(_values[0, :2], _labels[0, :2]), rbj.loss.listnet(_values[1], _labels[1])]
        for options in ({"lengths": lengths}, {"mask": mask}):
            found = jax.jit(lambda x: rbj.loss.listnet(x, _labels, reduction="none", **options))(_values)
            assert jnp.array_equal(found, jnp.stack(alone))
        check_grads(lambda x: rbj.soft_sort(x, lengths=lengths), (_values,), 1, ["rev"], atol=1e-5, rtol=1e-4)

    def test_what_is_not_finite_is_refused(self):
        with pytest.raises(Exception, match="values: row 0, index 1 is nan"):
            rbj.soft_rank(jnp.array([1.0, jnp.nan])).block_until_ready()

    def test_other_axes(self):
        x = jnp.asarray(np.random.default_rng(3).normal(size=(4, 6, 3)))
        assert jnp.array_equal(rbj.soft_rank(x, axis=1)[:, :, 2], rbj.soft_rank(x[:, :, 2]))

    def test_what_can_be_told_from_a_trace_is_an_error_of_the_package(self):
        for act in (
            lambda x: rbj.loss.listnet(x, None),
            lambda x: rbj.sort.neuralsort(x, weights=x),
            lambda x: rbj.sort.neuralsort(x, samples=2),
        ):
            with pytest.raises(rb.RankBenchError):
                jax.jit(act)(_values)
