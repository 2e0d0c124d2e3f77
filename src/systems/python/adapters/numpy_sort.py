"""np.sort: values alone, no order, so nothing that a gradient could be made of."""

from argsort import offers  # noqa: F401

name = "np.sort"
backend = "floor"
needs = ["numpy"]
imports = ["numpy"]
passes = ["forward"]


def build(operation):
    """(what is timed, the sorted values, no gradient)."""
    import numpy

    def sort(x):
        return numpy.sort(x, axis=-1)

    return sort, sort, None


def describe(operation):
    return {"call": "np.sort(x)", "notes": ["a floor: values alone"]}
