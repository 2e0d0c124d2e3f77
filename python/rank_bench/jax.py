"""
The operators as functions of JAX arrays, under ``jit``, ``grad`` and ``vmap``: ``custom_vjp`` over ``pure_callback``.

    >>> import jax, jax.numpy as jnp, rank_bench.jax as rbj
    >>> jax.grad(lambda x: rbj.loss.listnet(x, jnp.array([0.0, 2.0, 1.0])))(jnp.array([2.0, 1.0, 0.5]))
    Array([ 0.538..., -0.434..., -0.104...], dtype=float32)

A callback keeps nothing, so that the gradient of a value operator runs its forward pass again; a loss hands its
gradient over with its value. float64 wants ``jax_enable_x64``. Derivatives are first ones in reverse mode: forward
mode is refused by JAX, a second derivative by an error that says so.
"""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from .errors import SecondDerivativeError, usage_error, value_error
from .evaluate import Forward, Given, require_given
from .frames import frame_of
from .leases import require_kernel
from .naming import conveniences, families
from .operators import select

_about = """values: an array whose last axis (or ``axis``) holds the items; the others are rows. float64 and float32
are computed in themselves, float16 and bfloat16 in float32; whole numbers become the default floating type.
mask (True where an item is present) or lengths (one a row) leave items out: outputs and gradients are 0 there, sorted
values and rows of matrices come first. Parameters of the operator are constants; the gradient is that in the values."""

_extras = {"weights": None, "list_weights": None, "mask": None, "lengths": None, "axis": -1}

#: What may come with the values; each is there or not, which is known when a function is traced.
_names = ("labels", "weights", "list_weights", "mask")


class _How:
    """What is constant in a call: the operator, how many axes the values have, and what comes with them."""

    def __init__(self, op, ndim, names):
        self.op, self.ndim, self.names = op, ndim, names
        self._key = (op, ndim, names)

    def __hash__(self):
        return hash(self._key)

    def __eq__(self, other):
        return self._key == other._key


def _output_shape(how, shape):
    op = how.op
    if op.output == "item":
        return shape
    if op.output == "pair":
        return (*shape, shape[-1])
    if op.output == "row":
        return (*shape[:-1], len(op.levels)) if op.separate else shape[:-1]
    return shape[:-1] if op.params["reduction"] == "none" else ()


def _forward(how, values, others):
    """On the host. Under ``vmap`` there are more leading axes than were traced: batches apart from each other."""
    given = dict(zip(how.names, others, strict=True))
    mask = given.pop("mask", None)
    values = np.ascontiguousarray(values)
    mapped = values.ndim - how.ndim
    if mask is not None:
        mask = np.broadcast_to(mask, values.shape)
    lead = values.shape[:-1]
    for name, array in given.items():
        given[name] = np.broadcast_to(array, lead if name == "list_weights" else values.shape)
    return Forward(how.op, values, frame_of(values.shape, mask), Given(**given), mapped)


def _run_value(how, values, *others):
    return np.asarray(_forward(how, values, others).output)


def _run_gradient(how, values, bar, *others):
    made = _forward(how, values, others)
    return np.asarray(made.pull(np.broadcast_to(bar, made.output.shape)))


def _run_both(how, values, *others):
    """A loss, and the gradient of every list's share of it."""
    made = _forward(how, values, others)
    return np.asarray(made.output), np.asarray(made.pull(np.ones(made.output.shape)))


def _call_back(function, how, result, values, *others):
    # Everything keeps its axes under vmap, whatever is mapped: values lead by as many axes as there are maps.
    return jax.pure_callback(partial(function, how), result, values, *others, vmap_method="broadcast_all")


def _like(shape, values):
    return jax.ShapeDtypeStruct(shape, values.dtype)


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _apply(how, values, others):
    return _call_back(_run_value, how, _like(_output_shape(how, values.shape), values), values, *others)


def _apply_forward(how, values, others):
    if not how.op.has_labels:
        return _apply(how, values, others), (values, others)
    shapes = _like(_output_shape(how, values.shape), values), _like(values.shape, values)
    output, gradient = _call_back(_run_both, how, shapes, values, *others)
    return output, (gradient, others)


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _pull(how, left, bar, others):
    if how.op.has_labels:
        return left * (bar[..., None] if how.op.params["reduction"] == "none" else bar)
    return _call_back(_run_gradient, how, _like(left.shape, left), left, bar, *others)


def _pull_forward(how, left, bar, others):
    return _pull(how, left, bar, others), None


def _pull_backward(how, _, bar):
    raise SecondDerivativeError(how.op.name)


_pull.defvjp(_pull_forward, _pull_backward)


def _apply_backward(how, saved, bar):
    left, others = saved
    none = tuple(_no_gradient(each) for each in others)
    return _pull(how, left, bar, others), none


def _no_gradient(array):
    if jnp.issubdtype(array.dtype, jnp.floating):
        return jnp.zeros_like(array)
    return np.zeros(array.shape, jax.dtypes.float0)


_apply.defvjp(_apply_forward, _apply_backward)


def _mask(shape, mask, lengths):
    if mask is not None and lengths is not None:
        raise value_error("mask and lengths were both given; expected one of them")
    if lengths is not None:
        return jnp.arange(shape[-1]) < jnp.asarray(lengths)[..., None]
    if mask is not None and jnp.asarray(mask).dtype != jnp.bool_:
        raise value_error(f"mask: its entries are of type {jnp.asarray(mask).dtype}; expected True or False")
    return mask


def _as_values(values):
    array = jnp.asarray(values)
    if array.dtype in (jnp.float32, jnp.float64):
        return array
    if jnp.issubdtype(array.dtype, jnp.floating):
        return array.astype(jnp.float32)
    if jnp.issubdtype(array.dtype, jnp.complexfloating):
        raise value_error(f"values: numbers of type {array.dtype}; expected floating point or whole numbers")
    return array.astype(jax.dtypes.canonicalize_dtype(jnp.float64))


def call(op, values, labels=None, *, weights, list_weights, mask, lengths, axis):
    """One operator on arrays given."""
    kind = jnp.asarray(values).dtype
    wide = _as_values(values)
    if wide.ndim == 0:
        raise value_error("values: a single number; expected at least one axis of items")
    # Where a function is traced errors are those of this package; in a callback JAX wraps them.
    require_given(op, Given(labels, weights, list_weights))
    moved = jnp.moveaxis(wide, axis, -1)
    require_kernel(op, moved.shape[-1])

    def beside(array):
        """Labels and weights are computed with in the precision of the values."""
        return None if array is None else jnp.moveaxis(jnp.asarray(array), axis, -1).astype(wide.dtype)

    given = {
        "labels": beside(labels),
        "weights": beside(weights),
        "list_weights": None if list_weights is None else jnp.asarray(list_weights).astype(wide.dtype),
        "mask": _mask(moved.shape, None if mask is None else jnp.moveaxis(jnp.asarray(mask), axis, -1), lengths),
    }
    for name in ("labels", "weights", "mask"):
        if given[name] is not None and given[name].shape != moved.shape:
            raise value_error(f"{name}: shape {given[name].shape}; expected {moved.shape}, as the values")
    names = tuple(name for name in _names if given[name] is not None)
    output = _apply(_How(op, moved.ndim, names), moved, tuple(given[name] for name in names))
    if op.output == "item":
        output = jnp.moveaxis(output, -1, axis)
    return output.astype(kind) if jnp.issubdtype(kind, jnp.floating) else output


def apply(selector, values, labels=None, **options):
    """One operator by selector, e.g. ``apply('rank:sigmoid[strength=0.1]', x)``; options are those of the functions."""
    unknown = next((name for name in options if name not in _extras), None)
    if unknown is not None:
        raise usage_error(f'apply has no option "{unknown}"; it has: {", ".join(_extras)}')
    return call(select(selector), values, labels, **{**_extras, **options})


functions = {**families(call, _extras, _about, __name__), **conveniences(call, _extras, __name__)}
globals().update(functions)

__all__ = ["apply", *functions]
