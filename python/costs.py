"""
What a call costs: forward, and forward with the gradient, in microseconds, from numpy, PyTorch and JAX, as a table of
Markdown.

    python python/costs.py

Each number is the median of rounds of at least 5 ms, after a warm-up; one thread.
"""

import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
import rank_bench as rb  # noqa: E402

cases = [
    ("rank", "permutahedron", 1, 100),
    ("rank", "permutahedron", 256, 100),
    ("sort", "neuralsort", 16, 100),
    ("loss", "listnet", 128, 20),
    ("loss", "lambdarank", 128, 20),
]


def microseconds(act):
    """The median over 15 rounds."""
    act()
    calls, spent = 1, 0.0
    while spent < 0.005:
        calls *= 2
        start = time.perf_counter()
        for _ in range(calls):
            act()
        spent = time.perf_counter() - start
    rounds = []
    for _ in range(15):
        start = time.perf_counter()
        for _ in range(calls):
            act()
        rounds.append((time.perf_counter() - start) / calls * 1e6)
    return statistics.median(rounds)


def given(kind, batch, n):
    random = np.random.default_rng(0)
    values = random.normal(size=(batch, n)).astype(np.float32)
    labels = random.integers(0, 5, size=(batch, n)).astype(np.float32)
    return values, labels if kind == "loss" else None, random.normal(size=(batch, n)).astype(np.float32)


def of_numpy(kind, method, batch, n):
    values, labels, bar = given(kind, batch, n)
    f = getattr(getattr(rb, kind), method)
    bar = 1 if kind == "loss" else bar
    return (lambda: f(values, labels)), (lambda: f(values, labels, cotangent=bar))


def of_torch(kind, method, batch, n):
    import rank_bench.torch as rbt
    import torch

    torch.set_num_threads(1)
    values, labels, bar = (None if each is None else torch.from_numpy(each) for each in given(kind, batch, n))
    f = getattr(getattr(rbt, kind), method)
    own = values.clone().requires_grad_()
    bar = torch.tensor(1.0) if kind == "loss" else bar
    return (lambda: f(values, labels)), (lambda: torch.autograd.grad(f(own, labels), own, bar))


def of_jax(kind, method, batch, n):
    import jax
    import rank_bench.jax as rbj

    values, labels, bar = (None if each is None else jax.numpy.asarray(each) for each in given(kind, batch, n))
    f = getattr(getattr(rbj, kind), method)
    forward = jax.jit(lambda x: f(x, labels))
    total = (lambda x: f(x, labels)) if kind == "loss" else (lambda x: (f(x, labels) * bar).sum())
    both = jax.jit(jax.grad(total))
    return (lambda: forward(values).block_until_ready()), (lambda: both(values).block_until_ready())


def main():
    print("| operator, lists x items | numpy | PyTorch | JAX, jit |")
    print("| --- | --- | --- | --- |")
    for kind, method, batch, n in cases:
        cells = [f"{kind}:{method}, {batch} x {n}"]
        for make in (of_numpy, of_torch, of_jax):
            try:
                forward, both = make(kind, method, batch, n)
            except ImportError as missing:
                cells.append(f"no {missing.name}")
                continue
            cells.append(f"{microseconds(forward):.0f} / {microseconds(both):.0f}")
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
