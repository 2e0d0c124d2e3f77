"""What ranking tools themselves say of lists: one JSON request on stdin, one JSON answer on stdout.

Request: {"lists": [{"labels": [..], "scores": [..], "documents": [..]}],
          "cells": [{"name", "preset", "metric", "cutoff"}], "ranklib": classpath or null, "ranklibVersion", "letor": folder or null}.
Answer: {"tools": [{"preset", "tool"} or {"preset", "missing"}], "values": {cell name: a value a list, null where the tool has none}}.
Each tool is asked list by list, as if the list were all there is; "refused" counts as no value.
"""

import importlib
import importlib.metadata
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import types
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")


def each(lists, value):
    """Values of one cell; a list that the tool refuses has none."""
    found = []
    for given in lists:
        try:
            number = float(value(given))
            found.append(number if math.isfinite(number) else None)
        except Exception:
            found.append(None)
    return found


def trec(lists, cells, _):
    import pytrec_eval

    names = {"ndcg": "ndcg_cut", "map": "map_cut", "p": "P", "recall": "recall"}
    whole = {"ndcg": "ndcg", "map": "map", "mrr": "recip_rank"}
    keys = {c["name"]: whole[c["metric"]] if c["cutoff"] is None else f"{names[c['metric']]}_{c['cutoff']}" for c in cells}
    wanted = {key if "_" not in key or key == "recip_rank" else ".".join(key.rsplit("_", 1)) for key in keys.values()}
    found = []
    for given in lists:
        # Relevance is read by C's atol in a file; the binding takes integers only.
        qrels = {"q": {name: int(label) for name, label in zip(given["documents"], given["labels"])}}
        run = {"q": dict(zip(given["documents"], map(float, given["scores"])))}
        found.append(pytrec_eval.RelevanceEvaluator(qrels, wanted).evaluate(run)["q"])
    return {name: [values[key] for values in found] for name, key in keys.items()}


def sklearn(lists, cells, _):
    from sklearn.metrics import dcg_score, ndcg_score

    calls = {"ndcg": ndcg_score, "dcg": dcg_score}
    return {
        c["name"]: each(lists, lambda g, c=c: calls[c["metric"]]([g["labels"]], [g["scores"]], k=c["cutoff"])) for c in cells
    }


def scipy(lists, cells, _):
    from scipy.stats import kendalltau, spearmanr
    from sklearn.metrics import roc_auc_score

    calls = {
        "spearman": lambda g: spearmanr(g["scores"], g["labels"]).statistic,
        "kendall": lambda g: kendalltau(g["scores"], g["labels"]).statistic,
        "pairwise-accuracy": lambda g: roc_auc_score(g["labels"], g["scores"]),
    }
    return {c["name"]: each(lists, calls[c["metric"]]) for c in cells}


def lightgbm(lists, cells, _):
    import lightgbm as lgb
    import numpy

    class Silent:
        info = warning = staticmethod(lambda _: None)

    lgb.register_logger(Silent())
    cutoffs = sorted({c["cutoff"] for c in cells})

    def evaluated(given, metric):
        labels, scores = numpy.array(given["labels"], float), numpy.array(given["scores"], float)
        settings = {"objective": "none", "metric": metric, "eval_at": cutoffs, "verbose": -1, "num_threads": 1}
        nothing = numpy.zeros((len(labels), 1))
        data = lgb.Dataset(nothing, labels, group=[len(labels)], params={**settings, "feature_pre_filter": False})
        booster = lgb.Booster(settings, data)
        valid = data.create_valid(nothing, labels, group=[len(labels)], init_score=scores)
        booster.add_valid(valid, "these")
        return {name: value for _, name, value, _ in booster.eval_valid()}

    values = {c["name"]: [] for c in cells}
    for given in lists:
        for metric in ("ndcg", "map"):
            try:
                found = evaluated(given, metric)
            except lgb.basic.LightGBMError:
                found = {}
            for c in cells:
                if c["metric"] == metric:
                    values[c["name"]].append(found.get(f"{metric}@{c['cutoff']}"))
    return values


def xgboost(lists, cells, _):
    import numpy
    import xgboost as xgb

    calls = {"ndcg": "ndcg", "map": "map", "p": "pre"}
    key = {c["name"]: calls[c["metric"]] + ("" if c["cutoff"] is None else f"@{c['cutoff']}") for c in cells}
    values = {c["name"]: [] for c in cells}
    for given in lists:
        labels = numpy.array(given["labels"], float)
        data = xgb.DMatrix(numpy.zeros((len(labels), 1)), labels, base_margin=numpy.array(given["scores"]))
        data.set_group([len(labels)])
        for metric in calls:
            own = [c["name"] for c in cells if c["metric"] == metric]
            wanted = [key[name] for name in own]
            try:
                booster = xgb.Booster({"objective": "rank:ndcg", "eval_metric": wanted, "nthread": 1}, [data])
                found = [float(word.rsplit(":", 1)[1]) for word in booster.eval(data).split("\t")[1:]]
            except xgb.core.XGBoostError:
                found = [None] * len(own)
            for name, value in zip(own, found):
                values[name].append(value)
    return values


def torch_lists(lists):
    import torch

    return [
        {"y": torch.tensor(g["labels"], dtype=torch.float32), "s": torch.tensor(g["scores"], dtype=torch.float32)} for g in lists
    ]


def allrank(lists, cells, _):
    import torch

    # Its metrics import two modules for one constant and one function each, and those half of its training code.
    for name, attributes in (
        ("allrank.data.dataset_loading", {"PADDED_Y_VALUE": -1}),
        ("allrank.models.model_utils", {"get_torch_device": lambda: torch.device("cpu")}),
    ):
        module = types.ModuleType(name)
        module.__dict__.update(attributes)
        sys.modules[name] = module
    from allrank.models import metrics

    calls = {"ndcg": metrics.ndcg, "dcg": metrics.dcg}
    tensors = torch_lists(lists)

    def value(g, c):
        return calls[c["metric"]](g["s"][None], g["y"][None], ats=None if c["cutoff"] is None else [c["cutoff"]])[0, 0]

    return {c["name"]: each(tensors, lambda g, c=c: value(g, c)) for c in cells}


def torchmetrics(lists, cells, _):
    from torchmetrics.functional import retrieval

    calls = {
        "ndcg": retrieval.retrieval_normalized_dcg,
        "map": retrieval.retrieval_average_precision,
        "p": retrieval.retrieval_precision,
        "recall": retrieval.retrieval_recall,
        "mrr": retrieval.retrieval_reciprocal_rank,
    }

    def value(g, c):
        # Integers where it wants labels of 0 and 1: it refuses others by their type.
        target = g["y"] if c["metric"] == "ndcg" else g["y"].long() if bool((g["y"] == g["y"].long()).all()) else g["y"]
        return calls[c["metric"]](g["s"], target, top_k=c["cutoff"])

    tensors = torch_lists(lists)
    return {c["name"]: each(tensors, lambda g, c=c: value(g, c)) for c in cells}


def rax(lists, cells, _):
    import jax.numpy as jnp
    import rax as tool

    calls = {
        "ndcg": tool.ndcg_metric,
        "dcg": tool.dcg_metric,
        "map": tool.ap_metric,
        "p": tool.precision_metric,
        "recall": tool.recall_metric,
        "mrr": tool.mrr_metric,
    }
    arrays = [{"y": jnp.array(g["labels"], jnp.float32), "s": jnp.array(g["scores"], jnp.float32)} for g in lists]
    return {c["name"]: each(arrays, lambda g, c=c: calls[c["metric"]](g["s"], g["y"], topn=c["cutoff"])) for c in cells}


def tfr(lists, cells, _):
    import tensorflow as tf
    import tensorflow_ranking as tool

    tf.get_logger().setLevel("ERROR")
    kinds = tool.keras.metrics
    calls = {
        "ndcg": kinds.NDCGMetric,
        "dcg": kinds.DCGMetric,
        "map": kinds.MeanAveragePrecisionMetric,
        "p": kinds.PrecisionMetric,
        "recall": kinds.RecallMetric,
        "mrr": kinds.MRRMetric,
    }

    def value(g, c):
        return calls[c["metric"]](topn=c["cutoff"])(tf.constant([g["labels"]], tf.float32), tf.constant([g["scores"]], tf.float32))

    return {c["name"]: each(lists, lambda g, c=c: value(g, c)) for c in cells}


def catboost(lists, cells, _):
    from catboost.utils import eval_metric

    calls = {"ndcg": "NDCG", "dcg": "DCG", "map": "MAP", "p": "PrecisionAt", "recall": "RecallAt", "mrr": "MRR"}

    def value(g, c):
        call = calls[c["metric"]] + ("" if c["cutoff"] is None else f":top={c['cutoff']}")
        return eval_metric(g["labels"], g["scores"], call, group_id=[0] * len(g["labels"]))[0]

    return {c["name"]: each(lists, lambda g, c=c: value(g, c)) for c in cells}


def ranklib(lists, cells, request):
    calls = {"ndcg": "NDCG", "dcg": "DCG", "map": "MAP", "p": "P", "mrr": "RR", "err": "ERR"}
    wanted = [calls[c["metric"]] + ("" if c["cutoff"] is None else f"@{c['cutoff']}") for c in cells]
    lines = [" ".join(f"{label!r}:{score!r}" for label, score in zip(g["labels"], g["scores"])) for g in lists]
    source = pathlib.Path(__file__).with_name("Ranklib.java")
    answer = subprocess.run(
        ["java", "-cp", request["ranklib"], str(source)],
        input="\n".join([" ".join(wanted), *lines]),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = [[float(word) for word in line.split()] for line in answer.splitlines()]
    return {c["name"]: [row[i] for row in rows] for i, c in enumerate(cells)}


SCRIPTS = {"letor3": "Eval-Score-3.0.pl", "letor4": "Eval-Score-4.0.pl", "mslr": "eval-score-mslr.pl"}
GRADES = {"letor3": 2, "letor4": 2, "mslr": 4}


def widened(script, folder):
    """The script with more digits and more columns than it prints; its arithmetic is left alone."""
    text = script.read_text(encoding="latin-1").replace("%.4f", "%.17g")
    text = re.sub(r"(\$iMaxPosition = )10;", r"\g<1>200;", text)
    # One circulating copy of the 3.0 script prints its gains for debugging.
    path = pathlib.Path(folder, "script.pl")
    path.write_text(text, encoding="latin-1")
    return path


def three(text, asked):
    """Eval-Score-3.0.pl names queries by their position; a column beyond the list is not there and adds 0 to the average."""
    rows = {"precision": {}, "Map": {}, "NDCG": {}}
    for line in text.splitlines():
        match = re.match(r"(precision|Map|NDCG) of query(\d+):\t(.*)", line)
        if match:
            rows[match[1]][int(match[2])] = [float(word) for word in match[3].split()]

    def value(c, at):
        row = rows[{"p": "precision", "map": "Map", "ndcg": "NDCG"}[c["metric"]]][at]
        k = c["cutoff"] or 1
        return row[k - 1] if k <= len(row) else 0.0

    return value, {q: at for at, q in enumerate(asked)}


def four(text, asked):
    """Eval-Score-4.0.pl and eval-score-mslr.pl: a table of P and MAP, then one of NDCG and MeanNDCG."""
    tables = []
    for line in text.splitlines():
        words = line.split("\t")
        if words[0] == "qid":
            tables.append({})
        elif tables and words[0].isdigit():
            tables[-1][int(words[0])] = [float(word) if word else 0.0 for word in words[1:]]

    def value(c, q):
        row = tables[0 if c["metric"] in ("p", "map") else 1][q]
        return row[-1] if c["cutoff"] is None else row[c["cutoff"] - 1]

    return value, {q: q for q in asked}


def script(preset):
    def run(lists, cells, request):
        def taken(given):
            return all(label == int(label) and label <= GRADES[preset] for label in given["labels"])

        asked = [q for q, given in enumerate(lists) if taken(given)]
        with tempfile.TemporaryDirectory() as folder:
            path = widened(pathlib.Path(request["letor"], SCRIPTS[preset]), folder)
            inputs = [pathlib.Path(folder, name) for name in ("features", "scores", "result")]
            rows = [(q, label, score) for q in asked for label, score in zip(lists[q]["labels"], lists[q]["scores"])]
            inputs[0].write_text("".join(f"{int(y)} qid:{q} 1:0 #docid = {i}\n" for i, (q, y, _) in enumerate(rows)))
            inputs[1].write_text("".join(f"{s!r}\n" for _, _, s in rows))
            subprocess.run(["perl", path, *inputs, "1"], check=True, stdout=subprocess.DEVNULL)
            value, place = (three if preset == "letor3" else four)(inputs[2].read_text(), asked)
        return {c["name"]: [value(c, place[q]) if q in place else None for q in range(len(lists))] for c in cells}

    return run


def packaged(module, *packages):
    def version(_):
        importlib.import_module(module)
        for package in packages:
            try:
                return f"{package} {importlib.metadata.version(package)}"
            except importlib.metadata.PackageNotFoundError:
                continue
        return module

    return version


def allrank_version(_):
    importlib.import_module("torch")
    return f"allRank {importlib.metadata.version('allRank')}"


def classes(request):
    if not request["ranklib"]:
        raise ImportError("no RankLib classes were named")
    java = subprocess.run(["java", "-version"], capture_output=True, text=True, check=True).stderr.split('"')[1]
    return f"RankLib {request['ranklibVersion']}, its classes under Java {java}"


def scipy_version(_):
    importlib.import_module("sklearn")
    return f"SciPy {importlib.metadata.version('scipy')} (roc_auc_score: scikit-learn {importlib.metadata.version('scikit-learn')})"


def perl(preset):
    def version(request):
        if not request["letor"]:
            raise ImportError("no folder of LETOR scripts was named")
        if not pathlib.Path(request["letor"], SCRIPTS[preset]).exists():
            raise ImportError(f"{SCRIPTS[preset]} is not in the folder of LETOR scripts")
        perl = subprocess.run(["perl", "-e", "print $^V"], capture_output=True, text=True, check=True).stdout
        return f"{SCRIPTS[preset]} under Perl {perl}, %.4f widened and $iMaxPosition raised"

    return version


TOOLS = {
    "letor3": (perl("letor3"), script("letor3")),
    "letor4": (perl("letor4"), script("letor4")),
    "mslr": (perl("mslr"), script("mslr")),
    "ranklib": (classes, ranklib),
    "trec": (packaged("pytrec_eval", "pytrec-eval-terrier", "pytrec_eval"), trec),
    "lightgbm": (packaged("lightgbm", "lightgbm"), lightgbm),
    "xgboost": (packaged("xgboost", "xgboost", "xgboost-cpu"), xgboost),
    "allrank": (allrank_version, allrank),
    "sklearn": (packaged("sklearn", "scikit-learn"), sklearn),
    "rax": (packaged("rax", "rax"), rax),
    "tfr": (packaged("tensorflow_ranking", "tensorflow-ranking"), tfr),
    "torchmetrics": (packaged("torchmetrics", "torchmetrics"), torchmetrics),
    "catboost": (packaged("catboost", "catboost"), catboost),
    "scipy": (scipy_version, scipy),
}


def main():
    # Libraries print; stdout is for the answer.
    sink = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    request = json.load(sys.stdin)
    tools, values = [], {}
    for preset in dict.fromkeys(c["preset"] for c in request["cells"]):
        version, answer = TOOLS[preset]
        try:
            tool = version(request)
        except (ImportError, importlib.metadata.PackageNotFoundError) as error:
            tools.append({"preset": preset, "missing": str(error)})
            continue
        print(f"asking {tool}", file=sys.stderr, flush=True)
        values.update(answer(request["lists"], [c for c in request["cells"] if c["preset"] == preset], request))
        tools.append({"preset": preset, "tool": tool})
    json.dump({"tools": tools, "values": values}, sink)
    sink.close()


main()
