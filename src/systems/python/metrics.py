"""What other libraries make of a ranking: one JSON request on stdin, one JSON answer on stdout.

Request: {"lists": [{"labels": [..], "scores": [..], "documents": [..]}], "cutoffs": [..]}.
Answer: a list of {"library", "version", "metric", "of"} with either "queries", a value a list (null where the library
has none), or "mean", where it tells no more; or of {"library", "missing"}, where it is not there or refuses the lists. Scores are the same 32-bit numbers on both ends.
`of` is the name that rank-bench has for the metric.
"""

import importlib
import importlib.metadata
import json
import os
import sys


def trec(lists, cutoffs):
    import pytrec_eval

    qrels, run = {}, {}
    for q, each in enumerate(lists):
        names = each["documents"]
        qrels[str(q)] = {name: int(label) for name, label in zip(names, each["labels"])}
        run[str(q)] = {name: float(score) for name, score in zip(names, each["scores"])}
    text = ",".join(map(str, cutoffs))
    found = pytrec_eval.RelevanceEvaluator(qrels, {f"ndcg_cut.{text}", f"P.{text}", "map", "recip_rank"}).evaluate(run)

    def values(name):
        return [found.get(str(q), {}).get(name) for q in range(len(lists))]

    for k in cutoffs:
        yield f"ndcg_cut_{k}", f"ndcg@{k}:trec", values(f"ndcg_cut_{k}")
        yield f"P_{k}", f"p@{k}:trec", values(f"P_{k}")
    yield "map", "map:trec", values("map")
    yield "recip_rank", "mrr:trec", values("recip_rank")


def scikit(lists, cutoffs):
    from sklearn.metrics import ndcg_score

    for k in cutoffs:
        # It refuses lists of one document.
        yield f"ndcg_score(k={k})", f"ndcg@{k}:sklearn", [
            float(ndcg_score([each["labels"]], [each["scores"]], k=k)) if len(each["labels"]) > 1 else None
            for each in lists
        ]


def columns(lists):
    import numpy

    labels = numpy.concatenate([each["labels"] for each in lists])
    scores = numpy.concatenate([each["scores"] for each in lists])
    groups = numpy.array([len(each["labels"]) for each in lists])
    return labels, scores, groups


def light(lists, cutoffs):
    import lightgbm
    import numpy

    labels, scores, groups = columns(lists)
    nothing = numpy.zeros((len(labels), 1))
    # Scores go in as the score that training would start from; nothing is trained.
    quiet = {"objective": "lambdarank", "metric": "ndcg", "eval_at": cutoffs, "verbose": -1, "num_threads": 1}
    data = lightgbm.Dataset(nothing, labels, group=groups, params={**quiet, "feature_pre_filter": False})
    booster = lightgbm.Booster(quiet, data)
    booster.add_valid(data.create_valid(nothing, labels, group=groups, init_score=scores), "these")
    for _, name, value, _ in booster.eval_valid():
        k = name.split("@")[1]
        yield f"ndcg@{k}", f"ndcg@{k}:lightgbm", value


def gradient(lists, cutoffs):
    import numpy
    import xgboost

    labels, scores, groups = columns(lists)
    data = xgboost.DMatrix(numpy.zeros((len(labels), 1)), labels, base_margin=scores)
    data.set_group(groups)
    wanted = [f"ndcg@{k}" for k in cutoffs]
    booster = xgboost.Booster({"objective": "rank:ndcg", "eval_metric": wanted, "nthread": 1}, [data])
    for word in booster.eval(data).split("\t")[1:]:
        name, value = word.rsplit(":", 1)
        k = name.split("@")[1]
        yield f"ndcg@{k}", f"ndcg@{k}:xgboost", float(value)


def finite(values):
    import math

    return [float(value) if math.isfinite(value) else None for value in values]


def torch_metrics(lists, cutoffs):
    import torch
    from torchmetrics.functional import retrieval

    pairs = [(torch.tensor(each["scores"], dtype=torch.float32), torch.tensor(each["labels"])) for each in lists]
    binary = all(label in (0, 1) for each in lists for label in each["labels"])
    for k in cutoffs:
        found = [retrieval.retrieval_normalized_dcg(scores, labels, top_k=k) for scores, labels in pairs]
        yield f"retrieval_normalized_dcg(top_k={k})", f"ndcg@{k}:torchmetrics", finite(found)
    # The others take labels of 0 and 1 only.
    if binary:
        calls = {"map": retrieval.retrieval_average_precision, "mrr": retrieval.retrieval_reciprocal_rank}
        for name, call in calls.items():
            yield call.__name__, f"{name}:torchmetrics", finite(call(scores, labels.long()) for scores, labels in pairs)


def padded(lists, key, width):
    return [list(each[key]) + [0] * (width - len(each[key])) for each in lists]


def rax_metrics(lists, cutoffs):
    import jax.numpy as jnp
    import rax

    width = max(len(each["labels"]) for each in lists)
    scores, labels = (jnp.array(padded(lists, key, width), jnp.float32) for key in ("scores", "labels"))
    where = jnp.array([[i < len(each["labels"]) for i in range(width)] for each in lists])

    def values(metric, k=None):
        return finite(metric(scores, labels, where=where, topn=k, reduce_fn=None).tolist())

    for k in cutoffs:
        yield f"ndcg_metric(topn={k})", f"ndcg@{k}:rax", values(rax.ndcg_metric, k)
        yield f"precision_metric(topn={k})", f"p@{k}:rax", values(rax.precision_metric, k)
    yield "ap_metric", "map:rax", values(rax.ap_metric)
    yield "mrr_metric", "mrr:rax", values(rax.mrr_metric)


def tf_ranking(lists, cutoffs):
    import tensorflow as tf
    import tensorflow_ranking

    kinds = tensorflow_ranking.keras.metrics
    width = max(len(each["labels"]) for each in lists)
    scores = tf.constant(padded(lists, "scores", width), tf.float32)
    # Labels below 0 are padding.
    labels = tf.constant([list(each["labels"]) + [-1] * (width - len(each["labels"])) for each in lists], tf.float32)

    def values(kind, k=None):
        # A new metric a list: they add up.
        return finite(kind(topn=k)(labels[q : q + 1], scores[q : q + 1]).numpy() for q in range(len(lists)))

    for k in cutoffs:
        yield f"NDCGMetric(topn={k})", f"ndcg@{k}:tfr", values(kinds.NDCGMetric, k)
    yield "MRRMetric", "mrr:tfr", values(kinds.MRRMetric)


def cat(lists, cutoffs):
    from catboost.utils import eval_metric

    for k in cutoffs:
        found = [eval_metric(each["labels"], each["scores"], f"NDCG:top={k}", group_id=[0] * len(each["labels"]))[0] for each in lists]
        yield f"NDCG:top={k}", f"ndcg@{k}:catboost", finite(found)


LIBRARIES = [
    ("pytrec_eval", ["pytrec_eval", "pytrec-eval-terrier"], "pytrec_eval", trec),
    ("scikit-learn", ["scikit-learn"], "sklearn", scikit),
    ("LightGBM", ["lightgbm"], "lightgbm", light),
    ("XGBoost", ["xgboost", "xgboost-cpu"], "xgboost", gradient),
    ("CatBoost", ["catboost"], "catboost", cat),
    ("TorchMetrics", ["torchmetrics"], "torchmetrics", torch_metrics),
    ("Rax", ["rax"], "rax", rax_metrics),
    ("TensorFlow Ranking", ["tensorflow-ranking"], "tensorflow_ranking", tf_ranking),
]


def version_of(packages):
    for package in packages:
        try:
            return importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return "unknown"


def answers(request):
    for library, packages, module, metrics in LIBRARIES:
        try:
            importlib.import_module(module)
        except ImportError as error:
            yield {"library": library, "missing": str(error)}
            continue
        try:
            for metric, of, value in metrics(request["lists"], request["cutoffs"]):
                found = {"queries": value} if isinstance(value, list) else {"mean": value}
                yield {"library": library, "version": version_of(packages), "metric": metric, "of": of, **found}
        except Exception as error:
            # A library that refuses these labels must not cost the others their answers.
            yield {"library": library, "missing": f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"}


def main():
    # Libraries print; stdout is for the answer.
    sink = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    json.dump(list(answers(json.load(sys.stdin))), sink)
    sink.close()


main()
