"""
LapSum's CPU kernels, compiled from its authors' sources: the package cannot be built without CUDA, the files can.

RANK_BENCH_LAPSUM names a folder with a copy of their repository.
"""

import os

from adapter_rows import Row

name = "lapsum"
backend = "torch"
needs = ["torch", "numpy"]
imports = ["torch"]
known = [
    {
        "when": lambda operation: operation["precision"] == "f64",
        "what": "LapSum narrows alpha to a C float: 2e-9 off where alpha is no such number",
        "shows": "soft_rank(x, 0.4)",
    },
    {
        "when": lambda operation: operation["operator"] == "sort",
        "what": "LapSum's soft_sort leaves the largest item out of its own normalisation where its output comes out equal to it, from 37"
        " alpha above the others in f64, 17 in f32: a gradient of e to that distance, instead of 1",
        "shows": "x = torch.tensor([[0., 50.]], dtype=torch.float64, requires_grad=True)\n"
        "torch.autograd.grad(soft_sort(x, 1.)[0, 1], x)  # [1, 5e21]",
    },
    {
        "when": lambda operation: operation["operator"] == "sort",
        "what": "LapSum's soft_sort does not end where a value is NaN: its loop over the intervals goes on only where a comparison holds",
        "shows": "soft_sort(torch.tensor([[float('nan'), 0.]]), 1.)  # for ever",
    },
    {
        "when": lambda operation: operation["operator"] == "topk",
        "what": "LapSum's soft top-k has no answer where k is the number of items: all of them get 1 only in the limit, it says 1/2",
        "shows": "SoftTopK.apply(torch.tensor([[3.]]), torch.tensor([[1.]]), torch.tensor(1.), 1, True)  # 0.5",
    },
]


def lacks():
    """Why it cannot be had here, or None."""
    folder = os.environ.get("RANK_BENCH_LAPSUM", "")
    if not folder:
        return "its CPU sources are compiled from a folder: RANK_BENCH_LAPSUM=<copy of its repository>"
    return None if sources(folder) else f"no CPU sources of LapSum lie under {folder}"


def sources(folder):
    """The package inside the repository, or in the folder itself."""
    for inner in ("lapsum/lapsum", "lapsum", ""):
        root = os.path.join(folder, inner)
        if os.path.exists(os.path.join(root, "rank", "cpu", "soft_rank.cpp")):
            return root
    return None


def authors(kind, file):
    """The authors' module of autograd functions, on the CPU kernel alone."""
    import importlib.util
    import sys
    from types import ModuleType

    from torch.utils.cpp_extension import load

    root, package = sources(os.environ["RANK_BENCH_LAPSUM"]), f"lapsum_cpu.{kind}.extension"
    if f"{package}.{file}" in sys.modules:
        return sys.modules[f"{package}.{file}"]
    for name in ("lapsum_cpu", f"lapsum_cpu.{kind}", package):
        sys.modules.setdefault(name, ModuleType(name)).__path__ = []
    kernel = load(name=f"{file}_cpu", sources=[os.path.join(root, kind, "cpu", f"{file}.cpp")], extra_cflags=["-O3"])
    setattr(sys.modules[package], f"{file}_cpu", kernel)
    setattr(sys.modules[package], f"{file}_cuda", None)
    spec = importlib.util.spec_from_file_location(f"{package}.{file}", os.path.join(root, kind, "extension", f"{file}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[f"{package}.{file}"] = module
    spec.loader.exec_module(module)
    return module


def rank(params, n):
    import torch

    call = authors("rank", "soft_rank").soft_rank
    alpha = params["alpha"] if params["direction"] == "ascending" else -params["alpha"]
    # Their backward pass has a gradient for alpha, which has to be a tensor for that.
    return lambda x: call(x, torch.tensor(alpha, dtype=x.dtype)) + 1


def sort(params, n):
    call, alpha = authors("sort", "soft_sort").soft_sort, params["alpha"]
    return (lambda x: call(x, alpha)) if params["direction"] == "ascending" else lambda x: -call(-x, alpha)


def topk(params, n):
    import torch

    call, alpha, k = authors("topk", "soft_topk").SoftTopK.apply, params["alpha"], params["k"]
    # Their backward pass writes into what it was given, and has a gradient for alpha, which has to be a tensor for that.
    return lambda x: call(x.clone(), torch.full((x.shape[0], 1), k, dtype=x.dtype), torch.tensor(alpha, dtype=x.dtype), 1, True)


def some(operation):
    """Its threshold is the root of an equation that has none for no items."""
    return True if operation["params"]["k"] > 0 else "k above 0 only"


READS = ("alpha", "direction")
rows = {
    "rank:lapsum": Row("soft_rank(x, alpha) + 1", rank, READS, notes=("its ranks begin at 0; descending: -alpha",), rounding="f32"),
    "sort:lapsum": Row("soft_sort(x, alpha)", sort, READS, notes=("descending: of the opposite numbers",), rounding="f32"),
    "topk:lapsum": Row(
        "soft_top_k(x.clone(), k, alpha, largest=True)",
        topk,
        ("alpha", "k"),
        {"direction": ("descending",)},
        ("on a copy: it overwrites its input",),
        rounding="f32",
        when=some,
    ),
}
