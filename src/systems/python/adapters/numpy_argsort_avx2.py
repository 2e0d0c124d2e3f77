"""np.argsort without AVX-512, as on most machines."""

from argsort import build, describe, offers  # noqa: F401

name = "np.argsort-avx2"
backend = "floor"
needs = ["numpy"]
imports = ["numpy"]
passes = ["forward"]
environment = {"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR"}
