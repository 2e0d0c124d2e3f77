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
  "table": {
    "at": 40,
    "type": "usize"
  },
  "outputs": {
    "at": 44,
    "type": "usize"
  },
  "choices": {
    "at": 48,
    "type": "usize"
  },
  "facts": {
    "at": 52,
    "type": "usize"
  },
  "reuse": {
    "at": 56,
    "type": "i32"
  },
  "i0": {
    "at": 60,
    "type": "i32"
  },
  "i1": {
    "at": 64,
    "type": "i32"
  },
  "i2": {
    "at": 68,
    "type": "i32"
  },
  "i3": {
    "at": 72,
    "type": "i32"
  },
  "p0": {
    "at": 80,
    "type": "f64"
  },
  "p1": {
    "at": 88,
    "type": "f64"
  },
  "p2": {
    "at": 96,
    "type": "f64"
  },
  "p3": {
    "at": 104,
    "type": "f64"
  },
  "p4": {
    "at": 112,
    "type": "f64"
  },
  "p5": {
    "at": 120,
    "type": "f64"
  },
  "p6": {
    "at": 128,
    "type": "f64"
  },
  "p7": {
    "at": 136,
    "type": "f64"
  }
} as const

/** Tasks: their size, the exports that answer how much scratch and state they want ('' for none), and their fields. */
export const tasks = {
  "HardTask": {
    "bytes": 152,
    "scratch": "hardScratch",
    "state": "",
    "fields": {
      "sign": {
        "at": 144,
        "type": "f64"
      }
    }
  },
  "LapSumTask": {
    "bytes": 176,
    "scratch": "lapSumScratch",
    "state": "lapSumState",
    "fields": {
      "operator": {
        "at": 144,
        "type": "i32",
        "choices": {
          "sort": 0,
          "rank": 1,
          "topk": 2,
          "matrix": 3
        }
      },
      "alpha": {
        "at": 152,
        "type": "f64"
      },
      "sign": {
        "at": 160,
        "type": "f64"
      },
      "k": {
        "at": 168,
        "type": "f64"
      }
    }
  },
  "LapSumMatrixTask": {
    "bytes": 160,
    "scratch": "lapSumMatrixScratch",
    "state": "lapSumMatrixState",
    "fields": {
      "alpha": {
        "at": 144,
        "type": "f64"
      },
      "sign": {
        "at": 152,
        "type": "f64"
      }
    }
  },
  "NetworkTask": {
    "bytes": 184,
    "scratch": "networkScratch",
    "state": "networkState",
    "fields": {
      "operator": {
        "at": 144,
        "type": "i32",
        "choices": {
          "sort": 0,
          "rank": 1,
          "topk": 2,
          "matrix": 3
        }
      },
      "network": {
        "at": 148,
        "type": "i32",
        "choices": {
          "oddEven": 0,
          "bitonic": 1
        }
      },
      "distribution": {
        "at": 152,
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
        "at": 156,
        "type": "i32"
      },
      "steepness": {
        "at": 160,
        "type": "f64"
      },
      "sign": {
        "at": 168,
        "type": "f64"
      },
      "k": {
        "at": 176,
        "type": "f64"
      }
    }
  },
  "PermutahedronTask": {
    "bytes": 160,
    "scratch": "permutahedronScratch",
    "state": "permutahedronState",
    "fields": {
      "strength": {
        "at": 144,
        "type": "f64"
      },
      "sign": {
        "at": 152,
        "type": "f64"
      }
    }
  },
  "SigmoidRankTask": {
    "bytes": 168,
    "scratch": "sigmoidRankScratch",
    "state": "",
    "fields": {
      "strength": {
        "at": 144,
        "type": "f64"
      },
      "sign": {
        "at": 152,
        "type": "f64"
      },
      "algorithm": {
        "at": 160,
        "type": "i32",
        "choices": {
          "dense": 0,
          "window": 1,
          "fastSum": 2,
          "auto": 3
        }
      },
      "series": {
        "at": 164,
        "type": "usize"
      }
    }
  },
  "SinkhornTask": {
    "bytes": 176,
    "scratch": "sinkhornScratch",
    "state": "sinkhornState",
    "fields": {
      "operator": {
        "at": 144,
        "type": "i32",
        "choices": {
          "sort": 0,
          "rank": 1,
          "topk": 2,
          "matrix": 3
        }
      },
      "iterations": {
        "at": 148,
        "type": "i32"
      },
      "epsilon": {
        "at": 152,
        "type": "f64"
      },
      "sign": {
        "at": 160,
        "type": "f64"
      },
      "tolerance": {
        "at": 168,
        "type": "f64"
      }
    }
  },
  "TransportTask": {
    "bytes": 184,
    "scratch": "transportScratch",
    "state": "sinkhornState",
    "fields": {
      "operator": {
        "at": 144,
        "type": "i32",
        "choices": {
          "sort": 0,
          "rank": 1,
          "topk": 2,
          "matrix": 3
        }
      },
      "iterations": {
        "at": 148,
        "type": "i32"
      },
      "epsilon": {
        "at": 152,
        "type": "f64"
      },
      "sign": {
        "at": 160,
        "type": "f64"
      },
      "tolerance": {
        "at": 168,
        "type": "f64"
      },
      "cost": {
        "at": 176,
        "type": "i32",
        "choices": {
          "square": 0,
          "absolute": 1
        }
      },
      "squashes": {
        "at": 180,
        "type": "i32"
      }
    }
  },
  "SoftRankTask": {
    "bytes": 160,
    "scratch": "softRankScratch",
    "state": "",
    "fields": {
      "scale": {
        "at": 144,
        "type": "f64"
      },
      "foremost": {
        "at": 152,
        "type": "f64"
      }
    }
  },
  "SoftSortTask": {
    "bytes": 176,
    "scratch": "softSortScratch",
    "state": "",
    "fields": {
      "operator": {
        "at": 144,
        "type": "i32",
        "choices": {
          "sort": 0,
          "rank": 1,
          "topk": 2,
          "matrix": 3
        }
      },
      "tau": {
        "at": 152,
        "type": "f64"
      },
      "sign": {
        "at": 160,
        "type": "f64"
      },
      "k": {
        "at": 168,
        "type": "f64"
      }
    }
  },
  "Task": {
    "bytes": 144,
    "scratch": "",
    "state": "",
    "fields": {
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
      "table": {
        "at": 40,
        "type": "usize"
      },
      "outputs": {
        "at": 44,
        "type": "usize"
      },
      "choices": {
        "at": 48,
        "type": "usize"
      },
      "facts": {
        "at": 52,
        "type": "usize"
      },
      "reuse": {
        "at": 56,
        "type": "i32"
      },
      "i0": {
        "at": 60,
        "type": "i32"
      },
      "i1": {
        "at": 64,
        "type": "i32"
      },
      "i2": {
        "at": 68,
        "type": "i32"
      },
      "i3": {
        "at": 72,
        "type": "i32"
      },
      "p0": {
        "at": 80,
        "type": "f64"
      },
      "p1": {
        "at": 88,
        "type": "f64"
      },
      "p2": {
        "at": 96,
        "type": "f64"
      },
      "p3": {
        "at": 104,
        "type": "f64"
      },
      "p4": {
        "at": 112,
        "type": "f64"
      },
      "p5": {
        "at": 120,
        "type": "f64"
      },
      "p6": {
        "at": 128,
        "type": "f64"
      },
      "p7": {
        "at": 136,
        "type": "f64"
      }
    }
  }
} as const

/** Kernels, and the task that each takes. */
export const kernelTasks = {
  "hardSort": "HardTask",
  "pullHardSort": "HardTask",
  "hardRank": "HardTask",
  "pullHardRank": "HardTask",
  "lapSum": "LapSumTask",
  "pullLapSum": "LapSumTask",
  "lapSumMatrix": "LapSumMatrixTask",
  "pullLapSumMatrix": "LapSumMatrixTask",
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
  "softRank": "SoftRankTask",
  "pullSoftRank": "SoftRankTask",
  "softSort": "SoftSortTask",
  "pullSoftSort": "SoftSortTask",
  "dense": "Task",
  "denseParameters": "Task",
  "denseInput": "Task",
  "permutationMatrix": "Task",
  "pullPermutationMatrix": "Task",
  "unimodal": "Task",
  "pullUnimodal": "Task",
  "approxMetric": "Task",
  "listwise": "Task",
  "scaleGradients": "Task",
  "pairwise": "Task",
  "permutationLoss": "Task",
  "pointwise": "Task",
  "sortedGains": "Task",
  "smoothIndicators": "Task",
  "pullSmoothIndicators": "Task",
  "smoothiLoss": "Task",
  "rankDistribution": "Task",
  "pullRankDistribution": "Task",
  "softNdcg": "Task"
} as const
