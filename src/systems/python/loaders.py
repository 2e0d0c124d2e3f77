"""How long other libraries take to read a ranking file: one JSON request on stdin, one JSON answer on stdout.

Request: {"file": path of label qid:q f:v lines, "plain": the same without qid, "rounds": n}.
Answer: a list of {"library", "version", "call", "seconds": [..]} or {"library", "missing"}.
"""

import importlib.metadata
import json
import os
import sys
import time


def scikit(request):
    from sklearn.datasets import load_svmlight_file

    return "load_svmlight_file(query_id=True)", lambda: load_svmlight_file(request["file"], query_id=True)


def light(request):
    import lightgbm

    params = {"verbose": -1, "num_threads": 1, "header": False}
    return "Dataset(file).construct()", lambda: lightgbm.Dataset(request["plain"], params=params).construct()


def answers(request):
    for library, package, prepare in [("scikit-learn", "scikit-learn", scikit), ("LightGBM", "lightgbm", light)]:
        try:
            call, load = prepare(request)
        except ImportError as error:
            yield {"library": library, "missing": str(error)}
            continue
        seconds = []
        for _ in range(request["rounds"]):
            start = time.perf_counter()
            load()
            seconds.append(time.perf_counter() - start)
        yield {"library": library, "version": importlib.metadata.version(package), "call": call, "seconds": seconds}


def main():
    # Libraries print; stdout is for the answer.
    sink = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    json.dump(list(answers(json.load(sys.stdin))), sink)
    sink.close()


main()
