"""Answers for adapters, without importing what they need: {paths, questions} in, one answer an adapter out, both JSON."""

import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from adapter import load_adapter, python_lacks, versions_of  # noqa: E402


def answer(path, questions):
    try:
        module = load_adapter(path)
        offers = [module.offers(question) for question in questions]
        said = {"path": path, "name": module.name, "versions": versions_of(module), "offers": offers, "brings": getattr(module, "brings", {})}
        reason = python_lacks(module)
        return {**said, "lacks": reason} if reason else said
    except Exception as error:
        return {"path": path, "error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    request = json.load(sys.stdin)
    print(json.dumps([answer(path, request["questions"]) for path in request["paths"]]))
