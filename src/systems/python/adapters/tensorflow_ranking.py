"""TensorFlow Ranking: losses on padded lists, in f32."""

import math

from adapter_rows import Row

name = "tensorflow-ranking"
backend = "tensorflow"
python = "3.10-3.11"
needs = ["tensorflow-ranking", "tensorflow", "numpy"]
imports = ["tensorflow_ranking"]
WEIGHTED = ("lambdarank", "lambdaloss")
PAIRS = ("pairwise-logistic", *WEIGHTED)
known = [
    {
        "when": lambda operation: operation["method"] == "listmle",
        "what": "TensorFlow Ranking shuffles tied labels: another ListMLE every call",
        "shows": "tfr.keras.losses.ListMLELoss()([[1., 1.]], [[0., 1.]])",
    },
    {
        "when": lambda operation: operation["method"] == "listmle",
        "what": "TensorFlow Ranking sums exponentials under the largest score: a tail 104 below it is 0, its logarithm minus infinite",
        "shows": "tfr.keras.losses.ListMLELoss()([[1., 0.]], [[200., 0.]])  # -inf",
    },
    {
        "when": lambda operation: operation["method"] in PAIRS,
        "what": "TensorFlow Ranking writes log(1 + exp(-z)) as relu(-z) + log1p(exp(-|z|)): a pair of tied scores has gradient 0,"
        " not -1/2",
        "shows": "the gradient of tfr.keras.losses.PairwiseLogisticLoss()([[1., 0.]], [[0., 0.]]): 0, 0; at [[1e-6, 0.]] -1/4, 1/4 (a mean of two)",
    },
    {
        "when": lambda operation: operation["method"] in WEIGHTED,
        "what": "TensorFlow Ranking ranks tied scores at random: their pairs get another weight every call",
        "shows": "tfr.utils.sorted_ranks([[0., 0., 0.]]), twice",
    },
    {
        "when": lambda operation: operation["method"] in WEIGHTED and len(set(operation["lengths"])) > 1,
        "what": "TensorFlow Ranking puts what is padded 1e-6 below the smallest score, which f32 rounds away from scores of 16 on: it"
        " takes ranks of items that are there",
        "shows": "losses_impl._compute_ranks([[100., 95., 90.]], [[True, False, True]])  # [1, 3, 2] or [1, 2, 3]",
    },
]

SINGLE = ("f32",)


def padded(lists):
    import tensorflow as tf

    return tf.where(lists.mask, lists.labels, -1.0)


def keras_loss(which, scale=lambda params, lists: 1.0 / lists.batch, labels=lambda params, y: y, **options):
    def make(params, lists):
        import tensorflow as tf
        import tensorflow_ranking as tfr

        given = {key: value(params, tfr) if callable(value) else value for key, value in options.items()}
        call = getattr(tfr.keras.losses, which)(reduction=tf.keras.losses.Reduction.SUM, **given)
        y, factor = labels(params, padded(lists)), scale(params, lists)
        return lambda x: factor * call(y, x)

    return make


def weights(which):
    return lambda params, tfr: getattr(tfr.keras.losses, which)(
        normalized=True,
        gain_fn=lambda label: 2.0**label - 1.0,
        **({"smooth_fraction": 1.0} if which == "NDCGLambdaWeight" else {}),
    )


def over_items(params, lists):
    return 1.0 / (lists.batch * lists.labels.shape[-1])


def over_items_in_bits(params, lists):
    return over_items(params, lists) / math.log(2)


def binary(params, y):
    import tensorflow as tf

    return tf.where(y < 0, y, tf.cast(y > 0, y.dtype))


SUM = "its sum over the batch, over the number of lists"
rows = {
    "loss:softmax": Row("SoftmaxLoss(SUM)(y, x)", keras_loss("SoftmaxLoss"), notes=(SUM,), precisions=SINGLE),
    "loss:listmle": Row("ListMLELoss(SUM)(y, x)", keras_loss("ListMLELoss"), notes=(SUM,), precisions=SINGLE),
    "loss:pairwise-logistic": Row(
        "PairwiseLogisticLoss(SUM)(y, x)", keras_loss("PairwiseLogisticLoss"), notes=(SUM,), precisions=SINGLE
    ),
    "loss:pairwise-hinge": Row(
        "PairwiseHingeLoss(SUM)(y, x)", keras_loss("PairwiseHingeLoss"), only={"margin": (1,)}, notes=(SUM,), precisions=SINGLE
    ),
    "loss:lambdarank": Row(
        "PairwiseLogisticLoss(SUM, lambda_weight=NDCGLambdaWeight(smooth_fraction=1))(y, x)",
        keras_loss("PairwiseLogisticLoss", over_items, lambda_weight=weights("NDCGLambdaWeight")),
        only={"sigma": (1,), "k": (0,)}, notes=(SUM, "over the longest list"), precisions=SINGLE,
    ),
    "loss:lambdaloss": Row(
        "PairwiseLogisticLoss(SUM, lambda_weight=NDCGLambdaWeightV2())(y, x)",
        keras_loss("PairwiseLogisticLoss", over_items_in_bits, lambda_weight=weights("NDCGLambdaWeightV2")),
        ("mu",), {"scheme": ("ndcg2",), "sigma": (1,)}, (SUM, "over the longest list and ln 2"), SINGLE,
    ),
    "loss:approx-ndcg": Row(
        "ApproxNDCGLoss(SUM, temperature=1/alpha)(y, x)",
        keras_loss("ApproxNDCGLoss", temperature=lambda params, tfr: 1.0 / params["alpha"]), ("alpha",), notes=(SUM,),
        precisions=SINGLE,
    ),
    "loss:approx-mrr": Row(
        "ApproxMRRLoss(SUM, temperature=1/alpha)(y > 0, x)",
        keras_loss("ApproxMRRLoss", labels=binary, temperature=lambda params, tfr: 1.0 / params["alpha"]), ("alpha",),
        notes=(SUM, "labels above 0 are relevant"), precisions=SINGLE,
    ),
    "loss:pointwise-mse": Row("MeanSquaredLoss(SUM)(y, x)", keras_loss("MeanSquaredLoss"), notes=(SUM,), precisions=SINGLE),
}  # fmt: skip
