/** Stochastic gradient descent with momentum, as PyTorch has it: v = momentum v + g, x = x - rate v. Decay is added to the gradient. */

import type { Optimiser } from './optimiser.ts'

export function createSgd(length: number, learningRate: number, momentum: number, weightDecay: number): Optimiser {
  const velocity = new Float64Array(length)
  return {
    state: [velocity],
    step(parameters, gradient) {
      for (let k = 0; k < length; k++) {
        velocity[k] = momentum * velocity[k] + gradient[k] + weightDecay * parameters[k]
        parameters[k] -= learningRate * velocity[k]
      }
    },
  }
}
