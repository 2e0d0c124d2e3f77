"""Loads an adapter: the one file that says what a peer is, what it offers, and how it computes it."""

import importlib.metadata
import importlib.util
import os
import platform
import re
import sys

import adapter_rows

HERE = os.path.dirname(os.path.abspath(__file__))
OPTIONAL = {
    "backend": "plain",
    # Python versions it runs on: "3.12" for that and later ones, "3.10-3.11" for those between, "" for all.
    "python": "",
    "needs": [],
    # What is imported to see whether it works; the packages that are needed, by another name.
    "imports": [],
    # Texts, or {"what", "when": function of the operation, "shows": lines that reproduce it}.
    "known": [],
    # Set before the arithmetic is imported.
    "environment": {},
    "passes": ["forward", "backward", "both"],
    "kept_entries": lambda operation: 0,
    "describe": lambda operation: {},
}


def complete(module):
    """A module with rows has what those say; one without says it itself."""
    rows = getattr(module, "rows", None)
    if rows is None:
        return
    module.offers = lambda operation: adapter_rows.offers_of(rows, operation)
    module.build = lambda operation, *lists: adapter_rows.build_of(rows, operation, *lists)

    def describe(operation):
        row = rows[f'{operation["operator"]}:{operation["method"]}']
        return {"call": row.call, "notes": list(row.notes), "rounding": row.rounding}

    module.describe = describe


def load_adapter(path):
    """
    The module at `path`; what stands beside an adapter of your own, and in adapters/shared, can be imported by it. Installed
    packages come first: an adapter bears the name of the package it imports. Those that ship cannot be imported, by this or by
    a package that only looks whether another one is there.
    """
    folder, shipped = os.path.dirname(os.path.abspath(path)), os.path.join(HERE, "adapters")
    sys.path += [os.path.join(shipped, "shared"), *([] if folder == shipped else [folder])]
    spec = importlib.util.spec_from_file_location("rank_bench_adapter", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    complete(module)
    for word in ("name", "offers", "build"):
        if not hasattr(module, word):
            raise AttributeError(f"{path} has no {word}; an adapter has name, offers(operation) and build(operation)")
    for word, default in OPTIONAL.items():
        if not hasattr(module, word):
            setattr(module, word, default)
    return module


def version_of(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def versions_of(module):
    """Versions of the packages that are needed; None for one that is not installed."""
    return {**{package: version_of(package) for package in module.needs}, "Python": platform.python_version()}


def numbers(version):
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


def python_lacks(module):
    """Why this Python does not do, or None."""
    if not module.python:
        return None
    first, _, last = module.python.partition("-")
    fits = numbers(first) <= sys.version_info[:2] <= (numbers(last) if last else (99, 0))
    wanted = f"{first} to {last}" if last else f"{first} or later"
    return None if fits else f"Python {wanted} wanted, found {'.'.join(map(str, sys.version_info[:2]))}"


def known_of(module, operation):
    """Defects that are known of the peer at this operation."""
    said = [{"what": each} if isinstance(each, str) else each for each in module.known]
    return [each["what"] for each in said if each.get("when", lambda operation: True)(operation)]
