"""Passes of a network of convolutions, by PyTorch, for a training that stays on the other side.

    python torch_network.py

Frames are those of worker.py. Parameters come with every forward pass and their gradients go back, float32, in the layout of
train/network.ts: of each layer its weights, then its biases; weights of a convolution are (row, column, channel, filter), of a
dense layer (input, output), where the inputs of the first are (row, column, channel) of the last pictures.
"""

import math

import numpy
import torch
from torch.nn.functional import conv2d, max_pool2d, relu

import worker

SIDE = 5


def shapes_of(shape):
    """(kind, shape of the weights) of the layers that learn."""
    height, width, channels = shape["height"], shape["width"], shape["channels"]
    layers = []
    for filters in shape["filters"]:
        layers.append(("convolution", (SIDE, SIDE, channels, filters)))
        height, width, channels = height // 2, width // 2, filters
    dense = [(height * width * channels, shape["hidden"]), (shape["hidden"], shape["outputs"])]
    return layers + [("dense", each) for each in dense]


def leaves_of(flat, layers, keeps):
    """(weights, biases) of every layer, as the functions take them; their gradients are asked for where `keeps`."""
    leaves, at = [], 0
    for kind, shape in layers:
        weights = flat[at : at + math.prod(shape)].reshape(shape)
        at += math.prod(shape)
        biases = flat[at : at + shape[-1]]
        at += shape[-1]
        # (filter, channel, row, column)
        weights = weights.permute(3, 2, 0, 1) if kind == "convolution" else weights
        leaves.append(tuple(each.contiguous().requires_grad_(keeps) for each in (weights, biases)))
    if at != flat.numel():
        raise ValueError(f"{flat.numel()} parameters; {at} were expected")
    return leaves


def outputs_of(pictures, leaves):
    """(rows, outputs) from (rows, channel, row, column)."""
    *convolutions, hidden, last = leaves
    for weights, biases in convolutions:
        pictures = max_pool2d(relu(conv2d(pictures, weights, biases, padding=SIDE // 2)), 2)
    values = pictures.permute(0, 2, 3, 1).reshape(len(pictures), -1)
    return relu(values @ hidden[0] + hidden[1]) @ last[0] + last[1]


def flattened(gradients, layers):
    """In the order and layout of the parameters."""
    parts = []
    for (kind, _), (weights, biases) in zip(layers, zip(gradients[::2], gradients[1::2])):
        parts += [(weights.permute(2, 3, 1, 0) if kind == "convolution" else weights).reshape(-1), biases]
    return torch.cat(parts)


def numbers(block):
    return torch.from_numpy(numpy.frombuffer(block, dtype=numpy.float32))


# Pictures that pass together: what stands between layers of the published network stays in the cache (100 together: 1.5 times as long).
TOGETHER = 20

network = {}


def open_network(request, blocks):
    torch.set_num_threads(request["threads"])
    network.update(shape=request["shape"], layers=shapes_of(request["shape"]))
    return {"torch": torch.__version__}, []


def forward(request, blocks):
    shape, keeps = network["shape"], request["keeps"]
    pictures = numbers(blocks[1]).reshape(request["rows"], shape["height"], shape["width"], shape["channels"])
    pictures = pictures.permute(0, 3, 1, 2)
    leaves = leaves_of(numbers(blocks[0]), network["layers"], keeps)
    with torch.set_grad_enabled(keeps):
        outputs = torch.cat([outputs_of(part, leaves) for part in pictures.split(TOGETHER)])
    if keeps:
        network.update(leaves=[each for pair in leaves for each in pair], outputs=outputs)
    return {}, [outputs.detach().numpy().tobytes()]


def backward(request, blocks):
    outputs = network.pop("outputs")
    gradients = torch.autograd.grad(outputs, network.pop("leaves"), numbers(blocks[0]).reshape(outputs.shape))
    return {}, [flattened(gradients, network["layers"]).numpy().tobytes()]


if __name__ == "__main__":
    worker.HANDLERS = {"open": open_network, "forward": forward, "backward": backward}
    worker.main()
