"""
The operators as functions of PyTorch tensors, with gradients: ``torch.autograd.Function`` over the kernels.

    >>> import torch, rank_bench.torch as rbt
    >>> scores = torch.tensor([[2.0, 1.0, 0.5]], requires_grad=True)
    >>> rbt.loss.listnet(scores, torch.tensor([[0.0, 2.0, 1.0]])).backward()

Tensors elsewhere than in main memory are copied there and back. Gradients can be taken once: the second derivative is
an error that says so. What a graph needs for its backward pass it holds until it is freed.
"""

import numpy as np
import torch

from .errors import SecondDerivativeError, usage_error, value_error
from .evaluate import Forward, Given
from .frames import frame_of, mask_from
from .naming import conveniences, families
from .operators import select

_about = """values: a tensor whose last dimension (or ``dim``) holds the items; the others are rows. float64 and
float32 are computed in themselves, float16 and bfloat16 in float32; whole numbers become the default type.
mask (True where an item is present) or lengths (one a row) leave items out: outputs and gradients are 0 there, sorted
values and rows of matrices come first. The gradient is that in the values."""

_extras = {"weights": None, "list_weights": None, "mask": None, "lengths": None, "dim": -1}
_computed = {torch.float64: torch.float64, torch.float32: torch.float32}
_computed.update({torch.float16: torch.float32, torch.bfloat16: torch.float32})


def _numbers(tensor):
    return None if tensor is None else tensor.detach().cpu().contiguous().numpy()


class _Given:
    """What comes with the values, as arrays, and how many leading dimensions are mapped."""

    __slots__ = ("op", "mask", "given", "mapped")

    def __init__(self, op, mask, given, mapped=0):
        self.op, self.mask, self.given, self.mapped = op, mask, given, mapped

    def under(self, batch):
        """The same for ``batch`` copies: what is mapped goes to the front."""

        def spread(array):
            return None if array is None else np.broadcast_to(array, (batch, *array.shape))

        own = self.given
        given = Given(spread(own.labels), spread(own.weights), spread(own.list_weights))
        return _Given(self.op, spread(self.mask), given, self.mapped + 1)


class _Apply(torch.autograd.Function):
    generate_vmap_rule = False

    @staticmethod
    def forward(values, how):
        array = _numbers(values)
        made = Forward(how.op, array, frame_of(array.shape, how.mask), how.given, how.mapped)
        # Another tensor than the array that the pass keeps, on the device of the values.
        return torch.from_numpy(np.atleast_1d(made.output)).reshape(made.output.shape).to(values.device), made

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.made = output[1]
        ctx.how = inputs[1]

    @staticmethod
    def backward(ctx, bar, _):
        return _Pull.apply(bar, ctx.made), None

    @staticmethod
    def vmap(info, in_dims, values, how):
        return _Apply.apply(values.movedim(in_dims[0], 0), how.under(info.batch_size)), (0, None)


class _Pull(torch.autograd.Function):
    """The backward pass, as a function whose own derivative is refused."""

    @staticmethod
    def forward(bar, made):
        return torch.from_numpy(made.pull(_numbers(bar))).to(bar.device)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.name = inputs[1].op.name

    @staticmethod
    def backward(ctx, bar):
        raise SecondDerivativeError(ctx.name)

    @staticmethod
    def vmap(info, in_dims, bar, made):
        moved = bar.movedim(in_dims[0], 0)
        if moved.ndim == made.output.ndim:
            return _Pull.apply(moved, made), 0
        # The forward pass was not mapped: several cotangents of one output.
        return torch.stack([_Pull.apply(each, made) for each in moved.unbind(0)]), 0


def _as_values(values, what="values"):
    if not isinstance(values, torch.Tensor):
        raise usage_error(
            f"{what}: a {type(values).__name__}; expected a tensor", "rank_bench itself takes arrays and lists"
        )
    if values.dtype in _computed:
        return values.to(_computed[values.dtype])
    if values.is_complex():
        raise value_error(f"{what}: numbers of type {values.dtype}; expected floating point or whole numbers")
    return values.to(torch.get_default_dtype())


def _moved(tensor, dim):
    tensor = tensor.detach() if isinstance(tensor, torch.Tensor) else torch.as_tensor(tensor)
    return _numbers(tensor.movedim(dim, -1))


def _same_shape(array, shape, what):
    if array is not None and array.shape != shape:
        raise value_error(f"{what}: their shape is {array.shape}; expected {shape}, as the values")
    return array


def call(op, values, labels=None, *, weights, list_weights, mask, lengths, dim):
    """One operator on tensors given."""
    kind = values.dtype if isinstance(values, torch.Tensor) else None
    wide = _as_values(values)
    if wide.ndim == 0:
        raise value_error("values: a single number; expected at least one dimension of items")
    moved = wide.movedim(dim, -1)
    shape = tuple(moved.shape)
    labels = None if labels is None else _same_shape(_moved(labels, dim), shape, "labels")
    weights = None if weights is None else _same_shape(_moved(weights, dim), shape, "weights")
    list_weights = None if list_weights is None else _numbers(torch.as_tensor(list_weights))
    mask = mask_from(
        shape,
        None if mask is None else _moved(mask, dim),
        None if lengths is None else _numbers(torch.as_tensor(lengths)),
    )
    output, _ = _Apply.apply(moved, _Given(op, mask, Given(labels, weights, list_weights)))
    if op.output == "item":
        output = output.movedim(-1, dim)
    return output.to(kind) if kind in _computed and kind != output.dtype else output


def apply(selector, values, labels=None, **options):
    """One operator by selector, e.g. ``apply('rank:sigmoid[strength=0.1]', x)``; options are those of the functions."""
    unknown = next((name for name in options if name not in _extras), None)
    if unknown is not None:
        raise usage_error(f'apply has no option "{unknown}"; it has: {", ".join(_extras)}')
    return call(select(selector), values, labels, **{**_extras, **options})


functions = {**families(call, _extras, _about, __name__), **conveniences(call, _extras, __name__)}
globals().update(functions)

__all__ = ["apply", *functions]
