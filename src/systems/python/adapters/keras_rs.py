"""keras-rs on JAX: pairwise and listwise losses on lists with a mask."""

from adapter_rows import Row

name = "keras-rs"
backend = "jax"
needs = ["keras-rs", "keras", "jax", "numpy"]
imports = ["keras_rs"]
environment = {"KERAS_BACKEND": "jax"}
known = [
    {
        "when": lambda operation: operation["method"] == "listmle",
        "what": "keras-rs sums exponentials under the largest score and adds 1e-10 to the sums of the tails: of a tail 23 below it the"
        " loss is too large and the gradient has the wrong sign",
        "shows": "jax.value_and_grad(lambda x: ListMLELoss()(jnp.array([[1., 0.]]), x))(jnp.array([[30., 0.]]))"
        "  # 6.98, [0.999, -0.999]; ListMLE has 0, [0, 0]",
    }
]


def loss(which):
    def make(params, lists):
        import keras_rs

        call = getattr(keras_rs.losses, which)(reduction="sum")
        given = {"labels": lists.labels, "mask": lists.mask}
        return lambda x: call(given, x) / lists.batch

    return make


SUM = ("its sum over the batch, over the number of lists",)
rows = {
    "loss:pairwise-logistic": Row("PairwiseLogisticLoss(reduction='sum')(y, x)", loss("PairwiseLogisticLoss"), notes=SUM, precisions=("f32",)),
    "loss:pairwise-hinge": Row(
        "PairwiseHingeLoss(reduction='sum')(y, x)", loss("PairwiseHingeLoss"), only={"margin": (1,)}, notes=SUM, precisions=("f32",)
    ),
    "loss:listmle": Row("ListMLELoss(reduction='sum')(y, x)", loss("ListMLELoss"), notes=SUM, precisions=("f32",)),
}
