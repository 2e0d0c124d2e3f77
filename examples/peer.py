"""
A peer of your own: ranks by counting pairs through a sigmoid, in plain Python. One file is all there is to a peer.

Try it:
  rank-bench run -e 'speed[beside=pure-python]' -m rank:sigmoid -d 'sorting[n=100]' --peer ./examples/peer.py
"""

import math

name = "pure-python"
# Packages whose versions go into the record; none here.
needs = []


def offers(operation):
    """True, or why not: the reason is shown. Asked for every cell before anything is measured."""
    if operation["operator"] != "rank" or operation["method"] != "sigmoid":
        return "ranks by sigmoid only"
    return True if operation["params"]["direction"] == "ascending" else "ascending only"


def build(operation):
    """(forward, backward) of rows of numbers. Backward answers with the gradient in the values."""
    strength = operation["params"]["strength"]

    def sigmoid(z):
        return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))

    def forward(rows):
        return [[0.5 + sum(sigmoid((x - y) / strength) for y in row) for x in row] for row in rows]

    def backward(rows, cotangents):
        gradients = []
        for row, bar in zip(rows, cotangents):
            slopes = [[(s := sigmoid((x - y) / strength)) * (1 - s) / strength for y in row] for x in row]
            n = range(len(row))
            gradients.append([sum(slopes[i][j] * (bar[i] - bar[j]) for j in n) for i in n])
        return gradients

    return forward, backward
