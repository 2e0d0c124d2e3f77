/** Adam with decoupled weight decay. Kingma, Ba, ICLR 2015; Loshchilov, Hutter, ICLR 2019. */

import type { Optimiser } from './optimiser.ts'

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8]

export function createAdam(length: number, learningRate: number, weightDecay: number): Optimiser {
  const [first, second] = [new Float64Array(length), new Float64Array(length)]
  /** beta1^t and beta2^t. */
  const decays = Float64Array.of(1, 1)
  return {
    state: [first, second, decays],
    step(parameters, gradient) {
      decays[0] *= beta1
      decays[1] *= beta2
      const [decay1, decay2] = decays
      for (let k = 0; k < length; k++) {
        first[k] = beta1 * first[k] + (1 - beta1) * gradient[k]
        second[k] = beta2 * second[k] + (1 - beta2) * gradient[k] ** 2
        const direction = first[k] / (1 - decay1) / (Math.sqrt(second[k] / (1 - decay2)) + epsilon)
        parameters[k] -= learningRate * (direction + weightDecay * parameters[k])
      }
    },
  }
}
