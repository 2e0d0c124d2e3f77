"""What Node answers, made once a session; tests import the package of this checkout."""

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))


def _numbers(text, dtype):
    return np.frombuffer(base64.b64decode(text), dtype).copy()


class Answer:
    """One pass by Node: what was given, and what came of it."""

    def __init__(self, line):
        found = json.loads(line)
        self.name, self.params, self.lengths = found["name"], found["params"], found["lengths"]
        self.dtype = np.dtype(np.float32 if found["precision"] == "f32" else np.float64)
        self.is_exact = found["gradient"] == "exact"
        self.has_none = found.get("none", False)
        self.refused = found.get("refused")
        for key in ("values", "labels", "weights", "cotangent", "output", "result"):
            setattr(self, key, _numbers(found[key], self.dtype) if key in found else None)
        if self.has_none:
            self.values = np.zeros(sum(self.lengths), self.dtype)
            self.labels = self.values if self.name.startswith("loss:") else None
        self.list_weights = _numbers(found["listWeights"], self.dtype) if "listWeights" in found else None

    def __repr__(self):
        return f"{self.name} {self.params} {self.dtype} rows of {self.lengths}"


@pytest.fixture(scope="session")
def answers(tmp_path_factory):
    """By operator."""
    if not shutil.which("node"):
        pytest.skip("no node on PATH: nobody to compare with")
    file = tmp_path_factory.mktemp("answers") / "answers.jsonl"
    subprocess.run(["node", str(Path(__file__).with_name("answers.mjs")), str(file)], check=True)
    by_name = {}
    for line in file.read_text().splitlines():
        answer = Answer(line)
        by_name.setdefault(answer.name, []).append(answer)
    return by_name
