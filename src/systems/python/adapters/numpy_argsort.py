"""np.argsort, with whatever vector instructions the machine has: the floor of everything that begins with a sort."""

from argsort import build, describe, offers  # noqa: F401

name = "np.argsort"
backend = "floor"
needs = ["numpy"]
imports = ["numpy"]
passes = ["forward"]
