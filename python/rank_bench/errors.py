"""What the package refuses, and in which words: what was read, what was expected, what to do."""


class RankBenchError(ValueError):
    """Of a value, or of a name or parameter (``kind`` is ``value`` or ``usage``)."""

    def __init__(self, kind, message, hint=None):
        super().__init__(f"{message}\n{hint}" if hint else message)
        self.kind = kind


def usage_error(message, hint=None):
    return RankBenchError("usage", message, hint)


def value_error(message, hint=None):
    return RankBenchError("value", message, hint)


class SecondDerivativeError(RankBenchError, NotImplementedError):
    """A gradient was differentiated again: kernels have first derivatives."""

    def __init__(self, name):
        super().__init__(
            "usage",
            f"second derivatives of {name} are not to be had here: its kernels compute first ones",
            "rank-bench for Node has them by formula (hessianVectorProduct, rankingLossWithHessian)",
        )
