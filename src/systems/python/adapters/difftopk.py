"""difftopk: top-k by networks, NeuralSort and SoftSort, and the top-k cross-entropy of its paper."""

from adapter_rows import Row, whole_power

name = "difftopk"
backend = "torch"
needs = ["difftopk", "torch", "numpy"]
known = [
    {
        "when": lambda operation: operation["method"] == "neuralsort",
        "what": "difftopk's NeuralSort is f32 only, where logits are differences of sums n times as large as the values: digits"
        " go where the spread over tau is large",
        "shows": "NeuralSort(1.)(100 * torch.randn(4, 16))",
    },
    {
        "when": lambda operation: operation["operator"] == "loss",
        "what": "difftopk clips probabilities at 1e-7 before their logarithm: small ones have no gradient",
        "shows": "TopKCrossEntropyLoss('neuralsort', 1 / .3, p_k=[1.], n=12, top1_mode='sort')",
    }
]
SINGLE = ("f32",)
DISTRIBUTIONS = {"art": "logistic_phi"}


def soft_sort(params, n):
    from difftopk import SoftSort

    operator = SoftSort(params["tau"], pow=params["power"])
    return operator if params["direction"] == "descending" else lambda x: operator(-x)


def neural_sort(params, n):
    from difftopk import NeuralSort

    operator = NeuralSort(params["tau"])
    sign = 1 if params["direction"] == "ascending" else -1
    return lambda x: operator(sign * x).transpose(-1, -2)


def neural_top(params, n):
    from difftopk import NeuralSort

    operator, k = NeuralSort(params["tau"]), int(params["k"])
    return lambda x: operator(x)[..., -k:].sum(-1)


def network_top(params, n):
    from difftopk import DiffTopkNet

    distribution = DISTRIBUTIONS.get(params["distribution"], params["distribution"])
    kind = params["network"].replace("-", "_")
    net = DiffTopkNet(kind, n, int(params["k"]), steepness=params["steepness"], distribution=distribution)
    return lambda x: net(x)[1].sum(-1)


def whole_k(operation):
    """How many columns there are; theirs are counted, ours may be a part of one."""
    k, n = operation["params"]["k"], operation["dataset"]["params"].get("n", 1)
    return True if float(k).is_integer() and 1 <= k < n else "whole k below n only"


def network_k(operation):
    if operation["params"]["network"] == "bitonic" and not whole_power(operation):
        return "bitonic networks of a power of two only"
    return whole_k(operation)


LARGEST = {"direction": ("descending",)}
rows = {
    "matrix:softsort": Row(
        "SoftSort(tau, pow=power)(x)", soft_sort, ("tau", "direction"), {"power": (1, 2)}, ("ascending: of the opposite numbers",)
    ),
    "matrix:neuralsort": Row(
        "NeuralSort(tau)(x).transpose(-1, -2)", neural_sort, ("tau", "direction"),
        notes=("their columns are positions, ascending; descending: of the opposite numbers",), precisions=SINGLE,
    ),
    "topk:neuralsort": Row(
        "NeuralSort(tau)(x)[..., -k:].sum(-1)", neural_top, ("tau", "k"), LARGEST, ("their last k columns",), SINGLE, when=whole_k
    ),
    "topk:network": Row(
        "DiffTopkNet(network, n, k, steepness=, distribution=)(x)[1].sum(-1)", network_top,
        ("network", "distribution", "steepness", "k"), {**LARGEST, "network": ("odd-even", "bitonic")},
        ("their last k columns",), SINGLE, when=network_k,
    ),
}  # fmt: skip
