// Written by scripts/kernels.mjs from the kernels (src/**/*.as.ts): what each is told, and where it stands in its task.

/** What all tasks begin with. */
export const slots = {
  "offsets": {
    "at": 0,
    "type": "usize"
  },
  "x": {
    "at": 4,
    "type": "usize"
  },
  "y": {
    "at": 8,
    "type": "usize"
  },
  "yBar": {
    "at": 12,
    "type": "usize"
  },
  "xBar": {
    "at": 16,
    "type": "usize"
  },
  "labels": {
    "at": 20,
    "type": "usize"
  },
  "weights": {
    "at": 24,
    "type": "usize"
  },
  "order": {
    "at": 28,
    "type": "usize"
  },
  "state": {
    "at": 32,
    "type": "usize"
  },
  "states": {
    "at": 36,
    "type": "usize"
  },
  "outputs": {
    "at": 40,
    "type": "usize"
  },
  "choices": {
    "at": 44,
    "type": "usize"
  },
  "facts": {
    "at": 48,
    "type": "usize"
  },
  "reuse": {
    "at": 52,
    "type": "i32"
  }
} as const

/** Tasks: their size, the exports that answer how much scratch and state they want ('' for none), and their fields. */
export const tasks = {
  "DenseTask": {
    "bytes": 40,
    "scratch": "",
    "state": "",
    "fields": {
      "n": {
        "at": 0,
        "type": "i32"
      },
      "m": {
        "at": 4,
        "type": "i32"
      },
      "x": {
        "at": 8,
        "type": "usize"
      },
      "y": {
        "at": 12,
        "type": "usize"
      },
      "yBar": {
        "at": 16,
        "type": "usize"
      },
      "xBar": {
        "at": 20,
        "type": "usize"
      },
      "weights": {
        "at": 24,
        "type": "usize"
      },
      "biases": {
        "at": 28,
        "type": "usize"
      },
      "weightsBar": {
        "at": 32,
        "type": "usize"
      },
      "biasesBar": {
        "at": 36,
        "type": "usize"
      }
    }
  },
  "HardTask": {
    "bytes": 64,
    "scratch": "hardScratch",
    "state": "",
    "fields": {
      "sign": {
        "at": 56,
        "type": "f64"
      }
    }
  },
  "PermutationTask": {
    "bytes": 80,
    "scratch": "permutationMatrixScratch",
    "state": "",
    "fields": {
      "rows": {
        "at": 56,
        "type": "i32",
        "choices": {
          "neuralSort": 0,
          "squared": 1,
          "absolute": 2
        }
      },
      "tau": {
        "at": 64,
        "type": "f64"
      },
      "sign": {
        "at": 72,
        "type": "f64"
      }
    }
  },
  "UnimodalTask": {
    "bytes": 96,
    "scratch": "unimodalScratch",
    "state": "",
    "fields": {
      "rows": {
        "at": 56,
        "type": "i32",
        "choices": {
          "neuralSort": 0,
          "squared": 1,
          "absolute": 2
        }
      },
      "tau": {
        "at": 64,
        "type": "f64"
      },
      "sign": {
        "at": 72,
        "type": "f64"
      },
      "operator": {
        "at": 80,
        "type": "i32",
        "choices": {
          "sort": 0,
          "rank": 1,
          "topk": 2,
          "matrix": 3
        }
      },
      "k": {
        "at": 88,
        "type": "f64"
      }
    }
  },
  "LapSumTask": {
    "bytes": 88,
    "scratch": "lapSumScratch",
    "state": "lapSumState",
    "fields": {
      "operator": {
        "at": 56,
        "type": "i32",
        "choices": {
          "sort": 0,
          "rank": 1,
          "topk": 2,
          "matrix": 3
        }
      },
      "alpha": {
        "at": 64,
        "type": "f64"
      },
      "sign": {
        "at": 72,
        "type": "f64"
      },
      "k": {
        "at": 80,
        "type": "f64"
      }
    }
  },
  "LapSumMatrixTask": {
    "bytes": 72,
    "scratch": "lapSumMatrixScratch",
    "state": "lapSumMatrixState",
    "fields": {
      "alpha": {
        "at": 56,
        "type": "f64"
      },
      "sign": {
        "at": 64,
        "type": "f64"
      }
    }
  },
  "ApproxMetricTask": {
    "bytes": 80,
    "scratch": "approxMetricScratch",
    "state": "lossState",
    "fields": {
      "metric": {
        "at": 56,
        "type": "i32",
        "choices": {
          "ndcg": 0,
          "mrr": 1
        }
      },
      "algorithm": {
        "at": 60,
        "type": "i32",
        "choices": {
          "dense": 0,
          "window": 1,
          "fastSum": 2,
          "auto": 3
        }
      },
      "strength": {
        "at": 64,
        "type": "f64"
      },
      "discounts": {
        "at": 72,
        "type": "usize"
      },
      "series": {
        "at": 76,
        "type": "usize"
      }
    }
  },
  "ListwiseTask": {
    "bytes": 64,
    "scratch": "listwiseScratch",
    "state": "lossState",
    "fields": {
      "loss": {
        "at": 56,
        "type": "i32",
        "choices": {
          "listNet": 0,
          "softmax": 1,
          "listMle": 2
        }
      }
    }
  },
  "LossTask": {
    "bytes": 56,
    "scratch": "",
    "state": "lossState",
    "fields": {}
  },
  "PairwiseTask": {
    "bytes": 96,
    "scratch": "pairwiseScratch",
    "state": "lossState",
    "fields": {
      "phi": {
        "at": 56,
        "type": "i32",
        "choices": {
          "logistic": 0,
          "hinge": 1,
          "kendall": 2
        }
      },
      "scheme": {
        "at": 60,
        "type": "i32",
        "choices": {
          "item": 0,
          "lambdaRank": 1,
          "ndcg1": 2,
          "ndcg2": 3,
          "ndcg2pp": 4
        }
      },
      "cutoff": {
        "at": 64,
        "type": "i32"
      },
      "steepness": {
        "at": 72,
        "type": "f64"
      },
      "mu": {
        "at": 80,
        "type": "f64"
      },
      "discounts": {
        "at": 88,
        "type": "usize"
      },
      "deltas": {
        "at": 92,
        "type": "usize"
      }
    }
  },
  "PermutationLossTask": {
    "bytes": 96,
    "scratch": "permutationLossScratch",
    "state": "permutationLossState",
    "fields": {
      "rows": {
        "at": 56,
        "type": "i32",
        "choices": {
          "neuralSort": 0,
          "squared": 1,
          "absolute": 2
        }
      },
      "tau": {
        "at": 64,
        "type": "f64"
      },
      "sign": {
        "at": 72,
        "type": "f64"
      },
      "loss": {
        "at": 80,
        "type": "i32",
        "choices": {
          "permutation": 0,
          "topk": 1
        }
      },
      "count": {
        "at": 84,
        "type": "i32"
      },
      "ofFirst": {
        "at": 88,
        "type": "usize"
      }
    }
  },
  "PointwiseTask": {
    "bytes": 72,
    "scratch": "",
    "state": "lossState",
    "fields": {
      "loss": {
        "at": 56,
        "type": "i32",
        "choices": {
          "squaredError": 0,
          "binary": 1,
          "ordinal": 2
        }
      },
      "levels": {
        "at": 64,
        "type": "f64"
      }
    }
  },
  "SortedGainsTask": {
    "bytes": 96,
    "scratch": "sortedGainsScratch",
    "state": "sortedGainsState",
    "fields": {
      "rows": {
        "at": 56,
        "type": "i32",
        "choices": {
          "neuralSort": 0,
          "squared": 1,
          "absolute": 2
        }
      },
      "tau": {
        "at": 64,
        "type": "f64"
      },
      "sign": {
        "at": 72,
        "type": "f64"
      },
      "loss": {
        "at": 80,
        "type": "i32",
        "choices": {
          "piRank": 0,
          "neuralNdcg": 1
        }
      },
      "k": {
        "at": 84,
        "type": "i32"
      },
      "discounts": {
        "at": 88,
        "type": "usize"
      }
    }
  },
  "NetworkTask": {
    "bytes": 96,
    "scratch": "networkScratch",
    "state": "networkState",
    "fields": {
      "operator": {
        "at": 56,
        "type": "i32",
        "choices": {
          "sort": 0,
          "rank": 1,
          "topk": 2,
          "matrix": 3
        }
      },
      "network": {
        "at": 60,
        "type": "i32",
        "choices": {
          "oddEven": 0,
          "bitonic": 1
        }
      },
      "distribution": {
        "at": 64,
        "type": "i32",
        "choices": {
          "logistic": 0,
          "art": 1,
          "gaussian": 2,
          "reciprocal": 3,
          "cauchy": 4,
          "optimal": 5
        }
      },
      "errorFree": {
        "at": 68,
        "type": "i32"
      },
      "steepness": {
        "at": 72,
        "type": "f64"
      },
      "sign": {
        "at": 80,
        "type": "f64"
      },
      "k": {
        "at": 88,
        "type": "f64"
      }
    }
  },
  "PermutahedronTask": {
    "bytes": 72,
    "scratch": "permutahedronScratch",
    "state": "permutahedronState",
    "fields": {
      "strength": {
        "at": 56,
        "type": "f64"
      },
      "sign": {
        "at": 64,
        "type": "f64"
      }
    }
  },
  "SigmoidRankTask": {
    "bytes": 80,
    "scratch": "sigmoidRankScratch",
    "state": "",
    "fields": {
      "strength": {
        "at": 56,
        "type": "f64"
      },
      "sign": {
        "at": 64,
        "type": "f64"
      },
      "algorithm": {
        "at": 72,
        "type": "i32",
        "choices": {
          "dense": 0,
          "window": 1,
          "fastSum": 2,
          "auto": 3
        }
      },
      "series": {
        "at": 76,
        "type": "usize"
      }
    }
  },
  "SinkhornTask": {
    "bytes": 88,
    "scratch": "sinkhornScratch",
    "state": "sinkhornState",
    "fields": {
      "operator": {
        "at": 56,
        "type": "i32",
        "choices": {
          "sort": 0,
          "rank": 1,
          "topk": 2,
          "matrix": 3
        }
      },
      "iterations": {
        "at": 60,
        "type": "i32"
      },
      "epsilon": {
        "at": 64,
        "type": "f64"
      },
      "sign": {
        "at": 72,
        "type": "f64"
      },
      "tolerance": {
        "at": 80,
        "type": "f64"
      }
    }
  },
  "TransportTask": {
    "bytes": 96,
    "scratch": "transportScratch",
    "state": "sinkhornState",
    "fields": {
      "operator": {
        "at": 56,
        "type": "i32",
        "choices": {
          "sort": 0,
          "rank": 1,
          "topk": 2,
          "matrix": 3
        }
      },
      "iterations": {
        "at": 60,
        "type": "i32"
      },
      "epsilon": {
        "at": 64,
        "type": "f64"
      },
      "sign": {
        "at": 72,
        "type": "f64"
      },
      "tolerance": {
        "at": 80,
        "type": "f64"
      },
      "cost": {
        "at": 88,
        "type": "i32",
        "choices": {
          "square": 0,
          "absolute": 1
        }
      },
      "squashes": {
        "at": 92,
        "type": "i32"
      }
    }
  },
  "SmoothiTask": {
    "bytes": 88,
    "scratch": "smoothiScratch",
    "state": "",
    "fields": {
      "stops": {
        "at": 56,
        "type": "i32"
      },
      "alpha": {
        "at": 64,
        "type": "f64"
      },
      "delta": {
        "at": 72,
        "type": "f64"
      },
      "sign": {
        "at": 80,
        "type": "f64"
      }
    }
  },
  "SmoothiLossTask": {
    "bytes": 104,
    "scratch": "smoothiScratch",
    "state": "smoothiLossState",
    "fields": {
      "stops": {
        "at": 56,
        "type": "i32"
      },
      "alpha": {
        "at": 64,
        "type": "f64"
      },
      "delta": {
        "at": 72,
        "type": "f64"
      },
      "sign": {
        "at": 80,
        "type": "f64"
      },
      "metric": {
        "at": 88,
        "type": "i32",
        "choices": {
          "ndcg": 0,
          "precision": 1
        }
      },
      "k": {
        "at": 92,
        "type": "i32"
      },
      "discounts": {
        "at": 96,
        "type": "usize"
      }
    }
  },
  "RankDistributionTask": {
    "bytes": 88,
    "scratch": "rankDistributionScratch",
    "state": "",
    "fields": {
      "operator": {
        "at": 56,
        "type": "i32",
        "choices": {
          "sort": 0,
          "rank": 1,
          "topk": 2,
          "matrix": 3
        }
      },
      "tails": {
        "at": 60,
        "type": "i32",
        "choices": {
          "normal": 0,
          "logistic": 1
        }
      },
      "scale": {
        "at": 64,
        "type": "f64"
      },
      "foremost": {
        "at": 72,
        "type": "f64"
      },
      "k": {
        "at": 80,
        "type": "f64"
      }
    }
  },
  "SoftNdcgTask": {
    "bytes": 72,
    "scratch": "softNdcgScratch",
    "state": "lossState",
    "fields": {
      "scale": {
        "at": 56,
        "type": "f64"
      },
      "discounts": {
        "at": 64,
        "type": "usize"
      }
    }
  },
  "SoftRankTask": {
    "bytes": 72,
    "scratch": "softRankScratch",
    "state": "",
    "fields": {
      "scale": {
        "at": 56,
        "type": "f64"
      },
      "foremost": {
        "at": 64,
        "type": "f64"
      }
    }
  },
  "SoftSortTask": {
    "bytes": 88,
    "scratch": "softSortScratch",
    "state": "",
    "fields": {
      "operator": {
        "at": 56,
        "type": "i32",
        "choices": {
          "sort": 0,
          "rank": 1,
          "topk": 2,
          "matrix": 3
        }
      },
      "tau": {
        "at": 64,
        "type": "f64"
      },
      "sign": {
        "at": 72,
        "type": "f64"
      },
      "k": {
        "at": 80,
        "type": "f64"
      }
    }
  }
} as const

/** Kernels, and the task that each takes. */
export const kernelTasks = {
  "dense": "DenseTask",
  "denseParameters": "DenseTask",
  "denseInput": "DenseTask",
  "hardSort": "HardTask",
  "pullHardSort": "HardTask",
  "hardRank": "HardTask",
  "pullHardRank": "HardTask",
  "permutationMatrix": "PermutationTask",
  "pullPermutationMatrix": "PermutationTask",
  "unimodal": "UnimodalTask",
  "pullUnimodal": "UnimodalTask",
  "lapSum": "LapSumTask",
  "pullLapSum": "LapSumTask",
  "lapSumMatrix": "LapSumMatrixTask",
  "pullLapSumMatrix": "LapSumMatrixTask",
  "approxMetric": "ApproxMetricTask",
  "listwise": "ListwiseTask",
  "scaleGradients": "LossTask",
  "pairwise": "PairwiseTask",
  "permutationLoss": "PermutationLossTask",
  "pointwise": "PointwiseTask",
  "sortedGains": "SortedGainsTask",
  "network": "NetworkTask",
  "pullNetwork": "NetworkTask",
  "rankL2": "PermutahedronTask",
  "pullRankL2": "PermutahedronTask",
  "sortL2": "PermutahedronTask",
  "pullSortL2": "PermutahedronTask",
  "rankKl": "PermutahedronTask",
  "pullRankKl": "PermutahedronTask",
  "sortKl": "PermutahedronTask",
  "pullSortKl": "PermutahedronTask",
  "sigmoidRank": "SigmoidRankTask",
  "pullSigmoidRank": "SigmoidRankTask",
  "sinkhorn": "SinkhornTask",
  "pullSinkhorn": "SinkhornTask",
  "transport": "TransportTask",
  "pullTransport": "TransportTask",
  "smoothIndicators": "SmoothiTask",
  "pullSmoothIndicators": "SmoothiTask",
  "smoothiLoss": "SmoothiLossTask",
  "rankDistribution": "RankDistributionTask",
  "pullRankDistribution": "RankDistributionTask",
  "softNdcg": "SoftNdcgTask",
  "softRank": "SoftRankTask",
  "pullSoftRank": "SoftRankTask",
  "softSort": "SoftSortTask",
  "pullSoftSort": "SoftSortTask"
} as const
