"""Which kernels carry out an operator at which parameters: the interpreter of ``operators.json``."""

from .assets import description
from .errors import RankBenchError, usage_error

#: Entries of all matrices of a batch; the library for Node leaves larger ones to its reference.
most_matrix_entries = 2**26


class NoKernelError(RankBenchError, NotImplementedError):
    """No kernel computes this; in the library for Node plain TypeScript does."""

    def __init__(self, name, why):
        super().__init__("usage", f"{name} has no kernel {why}", "rank-bench for Node computes it without one")


def _meets(wanted, value):
    if isinstance(wanted, list):
        return value in wanted
    if isinstance(wanted, dict):
        return value > wanted["above"]
    return type(value) is type(wanted) and value == wanted if isinstance(wanted, bool) else value == wanted


def all_meet(when, params):
    return all(_meets(wanted, params[name]) for name, wanted in when.items())


def _params_of(source):
    if not isinstance(source, dict):
        return ()
    if "table" in source:
        wanted = description()["tables"][source["table"]].get("wanted", ())
        return [name for each in wanted for name in each["when"]]
    return (source["param"],)


def params_read(variants):
    """Parameters that some variant looks at; any other has to be at its default."""
    read = set()
    for variant in variants:
        read.update(variant.get("when", ()))
        for source in variant["set"].values():
            read.update(_params_of(source))
    return read


#: Parameters that this package carries out, as the library for Node does, outside of the kernels.
of_the_host = {"reduction", "ignore", "negative-labels", "straight-through"}


def variant_for(name, described, params, longest, entries):
    """The first variant that covers the parameters and rows of up to ``longest`` items."""
    variants, space = described["kernels"], described["params"]
    read = params_read(variants) | of_the_host
    for param, value in params.items():
        if param in space and param not in read and value != space[param]["default"]:
            raise NoKernelError(name, f"for {param}={value}")
    for variant in variants:
        if not all_meet(variant.get("when", {}), params):
            continue
        if longest > variant.get("longest", longest):
            continue
        if variant.get("output") == "pair" and entries > most_matrix_entries:
            raise NoKernelError(name, f"for {entries} entries; expected at most 2^26")
        return variant
    shown = ", ".join(f"{param}={value}" for param, value in params.items() if param in read - of_the_host)
    raise NoKernelError(name, f"for rows of {longest} items and {shown}")


def field_value(source, params):
    """The number, or the name of a choice, that a field of a task is set to; no table."""
    if not isinstance(source, dict):
        return source
    value = params[source["param"]]
    if "choices" in source:
        return source["choices"][str(value).lower() if isinstance(value, bool) else str(value)]
    times = source.get("times", 1)
    return times / float(value) if source.get("inverse") else times * float(value)


def layout_of(kernel):
    """The task of a kernel, by the kernel's name without its precision."""
    return description()["tasks"][description()["kernels"][kernel]]


def described(name):
    """What the description says of an operator, or a composed one, of that name."""
    content = description()
    found = content["operators"].get(name) or content["composed"].get(name)
    if found:
        return found
    if name in content["reference"]:
        raise NoKernelError(name, "of its own")
    operator = name.split(":")[0]
    known = [each for each in (*content["operators"], *content["composed"]) if each.startswith(f"{operator}:")]
    raise usage_error(
        f'no method is called "{name}"' + (f"; methods of {operator}: {', '.join(known)}" if known else ""),
        "selectors are operator:method[param=value], e.g. rank:permutahedron[strength=0.1]",
    )
