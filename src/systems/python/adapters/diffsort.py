"""diffsort: relaxed sorting networks, the package of their authors."""

from adapter_rows import Row, whole_power

name = "diffsort"
backend = "torch"
needs = ["diffsort", "torch", "numpy"]
known = [
    {
        "when": lambda operation: operation["params"]["network"] == "bitonic-diffsort",
        "what": "diffsort's bitonic network of 22, 38 and other numbers of wires does not sort: half of all rows come out unsorted",
        "shows": "DiffSortNet('bitonic', 22, steepness=1e9, distribution='logistic')(torch.randperm(22).double()[None])[0]",
    },
    {
        "when": lambda operation: operation["precision"] == "f64" and operation["params"]["distribution"] == "gaussian",
        "what": "diffsort keeps the Gaussian's sigma in f32: gradients are right to 5e-8 in f64",
        "shows": "DiffSortNet('odd_even', 4, distribution='gaussian')(torch.randn(1, 4, dtype=torch.float64))",
    },
    {
        "when": lambda operation: operation["params"]["distribution"] == "art",
        "what": "diffsort adds 1e-10 to the absolute difference of two values and nothing to its derivative: logistic_phi is"
        " not differentiable where values are tied",
        "shows": "DiffSortNet('odd_even', 2, distribution='logistic_phi')(torch.zeros(1, 2))",
    },
]

NETWORKS = {"odd-even": "odd_even", "bitonic": "bitonic", "bitonic-diffsort": "bitonic"}
DISTRIBUTIONS = {"art": "logistic_phi"}


def network(params, n):
    from diffsort import DiffSortNet

    distribution = DISTRIBUTIONS.get(params["distribution"], params["distribution"])
    kind = NETWORKS[params["network"]]
    return DiffSortNet(kind, n, steepness=params["steepness"], distribution=distribution)


def sort(params, n):
    net = network(params, n)
    return lambda x: net(x)[0] if params["direction"] == "ascending" else net(x)[0].flip(-1)


def matrix(params, n):
    net = network(params, n)

    def rows_of(x):
        rows = net(x)[1].transpose(-1, -2)
        return rows if params["direction"] == "ascending" else rows.flip(-2)

    return rows_of


def same_network(operation):
    if operation["params"]["network"] != "bitonic" or whole_power(operation):
        return True
    return "another bitonic network than ours where n is no power of two: network=bitonic-diffsort"


READS = ("network", "distribution", "steepness", "direction")
CALL = "DiffSortNet(network, n, steepness=, distribution=)(x)"
LOGISTIC = "art is their logistic_phi; their default is cauchy, whatever their documentation says"
rows = {
    "sort:network": Row(
        f"{CALL}[0]", sort, READS, notes=(LOGISTIC, "descending: their values the other way round"), when=same_network
    ),
    "matrix:network": Row(
        f"{CALL}[1].transpose(-1, -2)",
        matrix,
        READS,
        notes=(LOGISTIC, "their columns are our rows; descending: rows the other way round"),
        when=same_network,
    ),
}
