"""rax: listwise and pairwise losses in JAX, on padded lists with a mask."""

from functools import partial

from adapter_rows import Row

name = "rax"
backend = "jax"
needs = ["rax", "jax", "numpy"]
known = [
    {
        "when": lambda operation: operation["method"] == "pointwise-bce",
        "what": "rax's pointwise_sigmoid_loss has a wrong gradient at scores of exactly 0, where training often begins: it is off by"
        " -1",
        "shows": "jax.grad(lambda x: rax.pointwise_sigmoid_loss(x, jnp.array([1., 0.]), reduce_fn=jnp.sum))(jnp.zeros(2))"
        "  # [-1.5, -0.5]; at 1e-9 [-0.5, 0.5]",
    },
    {
        "when": lambda operation: operation["method"] == "listmle",
        "what": "rax's listmle_loss has a wrong gradient at tied scores",
        "shows": "jax.grad(lambda x: rax.listmle_loss(x, jnp.array([2., 1., 0.]), reduce_fn=jnp.sum))(jnp.ones(3))"
        "  # [-0.5, -0.04, 0.54]; nearly tied [-0.67, -0.17, 0.83]",
    },
]

FREE = ("its transformations (approx_t12n and others) raise on current JAX: the metric is given soft ranks instead",)


def summed(lists, losses):
    """The sum over items or pairs of every list, over the number of lists."""
    return losses.sum() / lists.batch


def listwise(which, **options):
    def make(params, lists):
        import rax

        call = getattr(rax, which)
        return lambda x: call(x, lists.labels, where=lists.mask, reduce_fn=None, **options).mean()

    return make


def label_shares(labels, where=None):
    import jax
    import jax.numpy as jnp

    return jax.nn.softmax(jnp.where(where, labels, -jnp.inf), axis=-1)


def pairwise(which, weights=None, scale=lambda params, lists: 1.0, steepness=lambda params: 1.0):
    def make(params, lists):
        import rax

        call, factor, steep = getattr(rax, which), scale(params, lists), steepness(params)
        lambdas = {} if weights is None else {"lambdaweight_fn": partial(getattr(rax, weights), normalize=True)}

        def loss(x):
            return factor * summed(lists, call(steep * x, lists.labels, where=lists.mask, reduce_fn=None, **lambdas))

        return loss

    return make


def pointwise(which, labels=lambda params, lists: lists.labels):
    def make(params, lists):
        import rax

        call, given = getattr(rax, which), labels(params, lists)
        return lambda x: summed(lists, call(x, given, where=lists.mask, reduce_fn=None))

    return make


def items(params, lists):
    return 1.0 / lists.labels.shape[-1]


def items_in_bits(params, lists):
    import math

    return items(params, lists) / math.log(2)


def sigmoid_ranks(params, n):
    import jax
    import rax

    sign = -1 if params["direction"] == "ascending" else 1
    step = lambda z: jax.nn.sigmoid(z / params["strength"])  # noqa: E731
    return lambda x: rax.utils.approx_ranks(sign * x, step_fn=step)


def approx_ndcg(params, lists):
    import jax
    import rax

    ranks = partial(rax.utils.approx_ranks, step_fn=lambda z: jax.nn.sigmoid(params["alpha"] * z))
    return lambda x: -rax.ndcg_metric(x, lists.labels, where=lists.mask, rank_fn=ranks, reduce_fn=None).mean()


def unit_sigma(params):
    return params["sigma"]


SUM = "its sum over pairs, over the number of lists"
rows = {
    "rank:sigmoid": Row(
        "rax.utils.approx_ranks(x, step_fn=sigmoid(z / strength))", sigmoid_ranks, ("strength", "direction"),
        notes=("its ranks are descending; ascending: of the opposite numbers",),
    ),
    "loss:listnet": Row("rax.softmax_loss(x, y, where=, label_fn=softmax)", listwise("softmax_loss", label_fn=label_shares)),
    "loss:softmax": Row("rax.softmax_loss(x, y, where=)", listwise("softmax_loss")),
    "loss:listmle": Row("rax.listmle_loss(x, y, where=)", listwise("listmle_loss"), notes=("no key: ties in file order",)),
    "loss:ranknet": Row(
        "rax.pairwise_logistic_loss(sigma x, y, where=)", pairwise("pairwise_logistic_loss", steepness=unit_sigma),
        ("sigma",), notes=(SUM,),
    ),
    "loss:pairwise-logistic": Row(
        "rax.pairwise_logistic_loss(x, y, where=)", pairwise("pairwise_logistic_loss"), notes=(SUM,)
    ),
    "loss:pairwise-hinge": Row(
        "rax.pairwise_hinge_loss(x, y, where=)", pairwise("pairwise_hinge_loss"), only={"margin": (1,)}, notes=(SUM,)
    ),
    "loss:lambdarank": Row(
        "rax.pairwise_logistic_loss(x, y, where=, lambdaweight_fn=dcg_lambdaweight(normalize))",
        pairwise("pairwise_logistic_loss", "dcg_lambdaweight", items), only={"sigma": (1,), "k": (0,)},
        notes=(SUM, "over the longest list, by which its weights are multiplied"),
    ),
    "loss:lambdaloss": Row(
        "rax.pairwise_logistic_loss(x, y, where=, lambdaweight_fn=dcg2_lambdaweight(normalize))",
        pairwise("pairwise_logistic_loss", "dcg2_lambdaweight", items_in_bits), ("mu",), {"scheme": ("ndcg2",), "sigma": (1,)},
        (SUM, "over the longest list and ln 2: its logarithms are natural"),
    ),
    "loss:approx-ndcg": Row(
        "-rax.ndcg_metric(x, y, where=, rank_fn=approx_ranks(sigmoid(alpha z)))", approx_ndcg, ("alpha",), notes=FREE
    ),
    "loss:pointwise-mse": Row("rax.pointwise_mse_loss(x, y, where=)", pointwise("pointwise_mse_loss"), notes=(SUM,)),
    "loss:pointwise-bce": Row(
        "rax.pointwise_sigmoid_loss(x, y / levels, where=)",
        pointwise("pointwise_sigmoid_loss", lambda params, lists: (lists.labels / params["levels"]).clip(max=1)),
        ("levels",), notes=(SUM,),
    ),
}  # fmt: skip
