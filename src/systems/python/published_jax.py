"""Benchmark scripts that peers publish, repeated on their functions of JAX arrays; see published_torch.py."""

import jax
from jax_backend import inner_of

from script_batches import trials_of


def batches(adapter, operation, script, inputs, cotangent):
    """softjax's: compiled beforehand, with the gradient of the sum alone."""
    first = inner_of(inputs[0], operation)
    function = adapter.build(operation)
    compiled = {
        "forward": jax.jit(function).lower(first).compile(),
        "forward+backward": jax.jit(jax.grad(lambda x: function(x).sum())).lower(first).compile(),
    }

    def calls_on(block):
        x = inner_of(block, operation).block_until_ready()
        return {each: lambda each=each: compiled[each](x).block_until_ready() for each in script["passes"]}

    return trials_of(calls_on, script, inputs)


PROGRAMS = {"batches": batches}
