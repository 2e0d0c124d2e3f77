"""Rows of softtorch and softjax, two packages of one design; a page hands its functions over."""

from adapter_rows import OPPOSITE, Row, whole_power

TRANSPORT = {"sinkhorn_tol": 1e-12, "sinkhorn_max_iter": 100000}


def choices(method, softness, **more):
    return {"method": method, "softness": softness, "standardize": False, **more}


def ramp(n):
    """Their targets are i / (n - 1), ours 1..n."""
    return max(1, n - 1)


def permutahedron_sort(soft):
    def make(params, n):
        given = choices("fast_soft_sort", params["strength"] / ramp(n))
        ascending = params["direction"] == "ascending"
        if params["regularization"] == "l2":
            up = lambda x: soft.sort(x, **given, mode="c0")  # noqa: E731
            return up if ascending else lambda x: -up(-x)
        down = lambda x: soft.sort(x, **given, mode="smooth", descending=True)  # noqa: E731
        return (lambda x: -down(-x)) if ascending else down

    return make


def permutahedron_rank(soft):
    def make(params, n):
        given = choices("fast_soft_sort", params["strength"] * ramp(n), mode="c0")
        return lambda x: soft.rank(x, descending=params["direction"] == "descending", **given)

    return make


def by_matrix(soft, which, method, softness, **more):
    def make(params, n):
        given = choices(method, softness(params), **more)
        return lambda x: getattr(soft, which)(x, descending=params["direction"] == "descending", **given)

    return make


def top(soft, method, softness, **more):
    def make(params, n):
        given = choices(method, softness(params), **more)
        return lambda x: soft.top(x, int(params["k"]), **given)

    return make


def whole_k(operation):
    k = float(operation["params"]["k"])
    return True if k.is_integer() and k > 0 else "whole k from 1 on only"


def network_wires(operation):
    return True if whole_power(operation) else "n is padded to a power of two at its end: another network than ours"


def tau(params):
    return params["tau"]


def epsilon(params):
    return params["epsilon"]


def inverse(params):
    return 1 / params["steepness"]


def rows_for(soft, package):
    """`soft` has sort, rank, argsort and top, each of the last axis; top answers with a mask."""
    plain = "standardize=False"
    transport = {"cost": ("square",), "squash": ("none",)}
    network = {"network": ("bitonic", "bitonic-diffsort"), "distribution": ("logistic",)}
    steep, straight = ("steepness", "direction"), ("epsilon", "direction", "iterations", "tolerance")

    def row(which, *rest, **more):
        return Row(f"{package}.{which}", *rest, **more)

    def moved(which, note="P of positions by items, as ours"):
        return row(
            f"{which}(x, method='ot', softness=epsilon, {plain})",
            by_matrix(soft, which, "ot", epsilon, ot_kwargs=TRANSPORT), straight, transport, (note,), rounding="f32",
        )  # fmt: skip

    def wired(which):
        return row(
            f"{which}(x, method='sorting_network', softness=1/steepness, {plain})",
            by_matrix(soft, which, "sorting_network", inverse), steep, network, when=network_wires,
        )  # fmt: skip

    def pivots(which):
        return row(f"{which}(x, method='softsort', softness=tau, {plain})", by_matrix(soft, which, "softsort", tau), ("tau", "direction"))

    return {
        "sort:permutahedron": row(
            f"sort(x, method='fast_soft_sort', mode='c0' (l2) or 'smooth' (kl), softness=strength/(n-1), {plain})",
            permutahedron_sort(soft), ("regularization", "strength", "direction"),
            notes=("their ramp is i/(n-1)", "kl ascending: theirs is another function than Blondel's, so -sort(-x, descending)"),
        ),
        "rank:permutahedron": row(
            f"rank(x, method='fast_soft_sort', mode='c0', softness=strength*(n-1), {plain})",
            permutahedron_rank(soft), ("strength", "direction"), {"regularization": ("l2",)},
            ("kl: theirs projects on the ramp, Blondel's on its logarithm",),
        ),
        "sort:softsort": pivots("sort"),
        "matrix:softsort": pivots("argsort"),
        "topk:softsort": row(
            f"topk(x, k, method='softsort', softness=tau, {plain}), indices summed", top(soft, "softsort", tau), ("k", "tau"),
            {"direction": ("descending",)}, when=whole_k,
        ),
        "sort:network": wired("sort"),
        "matrix:network": wired("argsort"),
        "sort:sinkhorn": moved("sort"),
        "rank:sinkhorn": moved("rank"),
        "matrix:sinkhorn": moved("argsort"),
        "topk:soft": row(
            f"topk(x, 1, method='ot', softness=epsilon, {plain}), indices summed",
            top(soft, "ot", epsilon, ot_kwargs=TRANSPORT), ("epsilon",), {"k": (1,), "direction": ("descending",)},
            ("k above 1 is another problem: k anchors",), rounding="f32",
        ),
    }  # fmt: skip
