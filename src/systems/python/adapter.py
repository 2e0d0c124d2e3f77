"""Loads an adapter: the one file that says what a peer is, what it offers, and how it computes it."""

import importlib.metadata
import importlib.util
import os
import platform
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
OPTIONAL = {"backend": "plain", "needs": [], "known": [], "kept_entries": lambda operation: 0}


def load_adapter(path):
    """
    The module at `path`; what stands beside it and beside the adapters that ship can be imported by it. Installed packages
    come first: an adapter bears the name of the package it imports (adapters/torchsort.py).
    """
    sys.path += [os.path.dirname(os.path.abspath(path)), os.path.join(HERE, "adapters")]
    spec = importlib.util.spec_from_file_location("rank_bench_adapter", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for word in ("name", "offers", "build"):
        if not hasattr(module, word):
            raise AttributeError(f"{path} has no {word}; an adapter has name, offers(operation) and build(operation)")
    for word, default in OPTIONAL.items():
        if not hasattr(module, word):
            setattr(module, word, default)
    return module


def versions_of(module):
    """Versions of the packages that are needed; None for one that is not installed."""
    found = {}
    for package in module.needs:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = None
    return {**found, "Python": platform.python_version()}
