"""torch.autograd.Function over the kernels: gradients against differences, training, graphs, threads, edge cases."""

import threading

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

import rank_bench as rb  # noqa: E402
import rank_bench.torch as rbt  # noqa: E402
from points import exact, names  # noqa: E402
from rank_bench.assets import description  # noqa: E402
from rank_bench.operators import operator  # noqa: E402

_nothing = {"weights": None, "list_weights": None, "mask": None, "lengths": None, "dim": -1}


#: The parameters that fail are told instead of the numbers.
_differences = {"atol": 1e-6, "raise_exception": False}


def _call(name, params, values, labels, **options):
    op = operator(name, params)
    return rbt.call(op, values, labels if op.has_labels else None, **{**_nothing, **options})


def _values(*shape):
    generator = torch.Generator().manual_seed(1)
    return torch.randn(*shape, dtype=torch.float64, generator=generator).requires_grad_()


_labels = torch.tensor([[2.0, 0.0, 1.0, 3.0, 0.0, 1.0], [0.0, 1.0, 2.0, 0.0, 0.0, 0.0]], dtype=torch.float64)


@pytest.mark.parametrize("name", names)
def test_gradients_are_those_of_differences(name):
    for params in exact(name):
        x = _values(2, 6)
        mask = torch.tensor([[True] * 6, [True, True, True, False, True, True]])
        assert torch.autograd.gradcheck(lambda v: _call(name, params, v, _labels), x, **_differences), params
        if not name.startswith("quantile"):
            masked = lambda v: _call(name, params, v, _labels, mask=mask)  # noqa: E731
            assert torch.autograd.gradcheck(masked, x, **_differences), params


def test_every_operator_with_kernels_is_tried_or_has_a_gradient_of_another_kind():
    content = description()
    assert set(content["operators"]) | set(content["composed"]) == {*names, "loss:lambdarank", "loss:lambdaloss"}


@pytest.mark.parametrize("name", ["lambdarank", "lambdaloss"])
def test_gradients_of_lambda_losses_are_those_of_numpy(name):
    x = _values(2, 6)
    rbt.ranking_loss(name, x, _labels).backward()
    _, expected = rb.ranking_loss(name, x.detach().numpy(), _labels.numpy(), cotangent=1)
    assert np.array_equal(x.grad.numpy(), expected)


def test_a_second_derivative_is_refused_by_name():
    x = _values(5)
    (gradient,) = torch.autograd.grad(rbt.soft_rank(x).pow(2).sum(), x, create_graph=True)
    with pytest.raises(rb.SecondDerivativeError, match="second derivatives of rank:permutahedron"):
        gradient.sum().backward()


def test_one_operator_twice_in_a_graph_and_backward_twice():
    x = _values(2, 6)
    y = rbt.soft_rank(x, strength=0.5) * rbt.soft_rank(2 * x, strength=0.5)
    assert torch.autograd.gradcheck(
        lambda v: rbt.soft_rank(v, strength=0.5) * rbt.soft_rank(2 * v, strength=0.5), x, atol=1e-6
    )
    total = y.sum()
    (first,) = torch.autograd.grad(total, x, retain_graph=True)
    rbt.soft_rank(x.detach() + 1, strength=0.5)
    (second,) = torch.autograd.grad(total, x)
    assert torch.equal(first, second)


@pytest.mark.parametrize("loss", ["listnet", "approx-ndcg", "lambdarank", "soft-ndcg", "spearman"])
def test_a_linear_ranker_trains(loss):
    torch.manual_seed(0)
    features = torch.randn(16, 10, 5)
    labels = (features @ torch.tensor([1.0, -2.0, 0.5, 0.0, 1.0])).argsort(-1).argsort(-1).div(3, rounding_mode="floor")
    model = torch.nn.Linear(5, 1)
    optimiser = torch.optim.Adam(model.parameters(), 0.05)
    losses = []
    for _ in range(60):
        optimiser.zero_grad()
        value = rbt.ranking_loss(loss, model(features)[..., 0], labels)
        value.backward()
        optimiser.step()
        losses.append(value.item())
    scores = model(features)[..., 0].detach()
    assert losses[-1] < losses[0]
    assert torch.corrcoef(torch.stack([scores.flatten(), labels.flatten().float()]))[0, 1] > 0.6


def test_threads_do_not_meet():
    x = torch.randn(64, 50, dtype=torch.float64)
    cotangent = torch.randn(64, 50, dtype=torch.float64)

    def gradient(rows):
        own = x[rows].clone().requires_grad_()
        rbt.sort.neuralsort(own).backward(cotangent[rows])
        return own.grad

    expected = gradient(slice(0, 64))
    found = [[] for _ in range(4)]

    def work(i):
        for _ in range(20):
            found[i].append(gradient(slice(16 * i, 16 * i + 16)))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i, each in enumerate(found):
        assert len(each) == 20
        assert all(torch.equal(one, expected[16 * i : 16 * i + 16]) for one in each)


def test_backward_in_another_thread_than_forward():
    x = _values(3, 7)
    y = rbt.soft_rank(x).pow(2).sum()
    thread = threading.Thread(target=y.backward)
    thread.start()
    thread.join()
    (expected,) = torch.autograd.grad(rbt.soft_rank(x).pow(2).sum(), x)
    assert torch.equal(x.grad, expected)


def test_vmap_and_jacobians():
    x = _values(3, 6).detach()
    each = torch.func.vmap(lambda v: rbt.soft_rank(v))(x)
    assert torch.equal(each, rbt.soft_rank(x))
    gradients = torch.func.vmap(torch.func.grad(lambda v: rbt.soft_rank(v).pow(2).sum()))(x)
    own = x.clone().requires_grad_()
    rbt.soft_rank(own).pow(2).sum().backward()
    assert torch.equal(gradients, own.grad)
    jacobian = torch.func.jacrev(lambda v: rbt.rank.sigmoid(v))(x[0])
    assert torch.allclose(jacobian, torch.autograd.functional.jacobian(lambda v: rbt.rank.sigmoid(v), x[0]))
    losses = torch.func.vmap(lambda v: rbt.loss.softmax(v, _labels[0]))(x)
    assert torch.equal(losses, rbt.loss.softmax(x, _labels[0].expand(3, 6), reduction="none"))


class TestEdges:
    def test_without_gradient(self):
        x = torch.randn(2, 5)
        assert not rbt.soft_rank(x).requires_grad
        with torch.no_grad():
            assert not rbt.soft_rank(x.requires_grad_()).requires_grad
        with torch.inference_mode():
            assert rbt.soft_rank(torch.randn(2, 5)).shape == (2, 5)

    @pytest.mark.parametrize("shape", [(0,), (1,), (0, 5), (3, 0), (3, 1), (2, 3, 4)])
    def test_shapes(self, shape):
        x = torch.randn(shape, dtype=torch.float64, requires_grad=True)
        y = rbt.soft_sort(x)
        assert y.shape == shape
        y.sum().backward()
        assert x.grad.shape == shape
        loss = rbt.loss.listnet(x, torch.ones(shape))
        assert loss.shape == ()
        assert rbt.loss.listnet(x, torch.ones(shape), reduction="none").shape == shape[:-1]

    @pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16])
    def test_half_precision_is_computed_in_float32_and_given_back(self, kind):
        x = torch.randn(3, 6).to(kind).requires_grad_()
        y = rbt.soft_rank(x, strength=0.3)
        assert y.dtype == kind
        assert torch.equal(y, rbt.soft_rank(x.float(), strength=0.3).to(kind))
        y.sum().backward()
        assert x.grad.dtype == kind

    def test_whole_numbers(self):
        assert torch.equal(rbt.soft_rank(torch.tensor([5, 1, 2])), torch.tensor([3.0, 1.0, 2.0]))
        assert rbt.loss.listnet(torch.tensor([2.0, 1.0]), torch.tensor([1, 0])).dtype == torch.float32

    def test_other_dimensions_and_strides(self):
        x = torch.randn(4, 6, 3, dtype=torch.float64)
        expected = torch.stack([rbt.soft_rank(x[:, :, k]) for k in range(3)], dim=2)
        assert torch.equal(rbt.soft_rank(x, dim=1), expected)
        assert torch.equal(rbt.soft_rank(x[:, ::2, 0]), rbt.soft_rank(x[:, ::2, 0].contiguous()))
        own = x.clone().requires_grad_()
        assert torch.autograd.gradcheck(lambda v: rbt.soft_rank(v, dim=1), own, atol=1e-6)

    def test_what_is_not_finite_is_refused_with_its_place(self):
        with pytest.raises(rb.RankBenchError, match="values: row 1, index 2 is nan"):
            rbt.soft_rank(torch.tensor([[1.0, 2.0, 3.0], [1.0, 2.0, float("nan")]]))
        with pytest.raises(rb.RankBenchError, match="labels: row 0, index 1 is -1.0; expected a finite grade"):
            rbt.loss.listnet(torch.ones(3), torch.tensor([1.0, -1.0, 0.0]))
        mask = torch.tensor([True, True, False])
        x = torch.tensor([1.0, 2.0, float("nan")], requires_grad=True)
        y = rbt.soft_rank(x, mask=mask)
        assert y.tolist() == [1, 2, 0]
        y.sum().backward()
        assert x.grad[2] == 0

    def test_lengths_are_a_mask(self):
        x, labels = torch.randn(2, 4), torch.ones(2, 4)
        lengths = torch.tensor([2, 4])
        mask = torch.arange(4) < lengths[:, None]
        for options in ({"lengths": lengths}, {"mask": mask}):
            expected = [rbt.loss.listnet(x[0, :2], labels[0, :2]), rbt.loss.listnet(x[1], labels[1])]
            assert torch.equal(rbt.loss.listnet(x, labels, reduction="none", **options), torch.stack(expected))

    def test_plans_are_let_go(self):
        from rank_bench.engine import engine

        for n in range(2, 400):
            rbt.soft_rank(torch.randn(2, n))
        held = len(engine()._sizes)
        for n in range(400, 800):
            rbt.soft_rank(torch.randn(2, n))
        assert len(engine()._sizes) <= held + 8
