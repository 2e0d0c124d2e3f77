"""The two files that the build of rank-bench writes for hosts: the description of the operators, and the kernels."""

import json
from functools import cache
from pathlib import Path

_here = Path(__file__).resolve().parent
#: In a wheel beside this file, in a checkout where the build leaves them.
_places = (_here / "assets", _here.parents[1] / "dist")


def _find(name):
    for place in _places:
        for path in (place / name, place / "engine" / name):
            if path.exists():
                return path
    raise FileNotFoundError(
        f"{name} is missing from rank_bench; expected it in {_places[0]}\n"
        "a checkout has it after: npm run build. A wheel carries it: npm run wheel"
    )


@cache
def description():
    """``operators.json`` as it is; docs/engine.md of rank-bench says how to read it."""
    return json.loads(_find("operators.json").read_text(encoding="utf-8"))


def kernels():
    """The module for a memory that is not shared."""
    return _find("kernels-unshared.wasm").read_bytes()
