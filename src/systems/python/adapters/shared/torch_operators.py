"""Operators in plain PyTorch, as their authors write them: functions of a (batch, n) tensor, ascending."""

import torch


def positions(values):
    """1, ..., n in the type of the values."""
    return torch.arange(1, values.shape[-1] + 1, dtype=values.dtype)


def sigmoid_ranks(values, strength):
    differences = values.unsqueeze(-1) - values.unsqueeze(-2)
    return torch.sigmoid(differences / strength).sum(-1) + 0.5


def neural_sort_matrix(values, tau):
    """Rows from the smallest value to the largest, the published formula with its rows reversed."""
    distances = (values.unsqueeze(-1) - values.unsqueeze(-2)).abs().sum(-1)
    scaling = 2 * positions(values) - values.shape[-1] - 1
    logits = scaling.view(1, -1, 1) * values.unsqueeze(-2) - distances.unsqueeze(-2)
    return torch.softmax(logits / tau, -1)


def soft_sort_matrix(values, tau):
    pivots = torch.sort(values, dim=-1).values
    return torch.softmax(-(pivots.unsqueeze(-1) - values.unsqueeze(-2)).abs() / tau, -1)


def over_matrix(matrix, operator):
    """P x, or P^T (1, ..., n), of a relaxed permutation."""
    if operator == "sort":
        return lambda values: (matrix(values) @ values.unsqueeze(-1)).squeeze(-1)
    return lambda values: (matrix(values) * positions(values).view(1, -1, 1)).sum(-2)


def function_of(operation):
    operator, method, params = operation["operator"], operation["method"], operation["params"]
    if method == "hard":
        return lambda values: torch.sort(values, dim=-1).values
    if method == "sigmoid":
        return lambda values: sigmoid_ranks(values, params["strength"])
    if method == "neuralsort":
        return over_matrix(lambda values: neural_sort_matrix(values, params["tau"]), operator)
    return over_matrix(lambda values: soft_sort_matrix(values, params["tau"]), operator)
