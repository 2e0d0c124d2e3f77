"""optax: the ranking softmax loss."""

from adapter_rows import Row

name = "optax"
backend = "jax"
needs = ["optax", "jax", "numpy"]


def softmax(params, lists):
    import optax

    call = optax.losses.ranking_softmax_loss
    return lambda x: call(x, lists.labels, where=lists.mask, reduce_fn=None).mean()


rows = {"loss:softmax": Row("optax.losses.ranking_softmax_loss(x, y, where=)", softmax)}
