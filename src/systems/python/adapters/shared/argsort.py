"""np.argsort, whichever vector instructions it may use."""


def offers(operation):
    """True, or why not."""
    if operation["operator"] != "sort" or operation["method"] != "hard" or operation["params"]["direction"] != "ascending":
        return "it sorts, ascending"
    return "rows of one length only" if operation["dataset"]["params"].get("ragged") else True


def build(operation):
    """(what is timed, the sorted values, the gradient)."""
    import numpy

    def values(x):
        return numpy.take_along_axis(x, numpy.argsort(x, axis=-1), -1)

    def gradient(x, cotangent):
        found = numpy.empty_like(x)
        numpy.put_along_axis(found, numpy.argsort(x, axis=-1), cotangent, -1)
        return found

    return (lambda x: numpy.argsort(x, axis=-1)), values, gradient


def describe(operation):
    return {"call": "np.argsort(x), not stable", "notes": ["a floor: the order alone, without values"]}
