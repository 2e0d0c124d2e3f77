/** Adam with decoupled weight decay. Kingma, Ba, ICLR 2015; Loshchilov, Hutter, ICLR 2019. */

export interface Adam {
  /** One step along `gradient`, in place. */
  step(parameters: Float64Array, gradient: Float64Array): void
}

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8]

export function createAdam(length: number, learningRate: number, weightDecay: number): Adam {
  const [first, second] = [new Float64Array(length), new Float64Array(length)]
  let [decay1, decay2] = [1, 1]
  return {
    step(parameters, gradient) {
      decay1 *= beta1
      decay2 *= beta2
      for (let k = 0; k < length; k++) {
        first[k] = beta1 * first[k] + (1 - beta1) * gradient[k]
        second[k] = beta2 * second[k] + (1 - beta2) * gradient[k] ** 2
        const direction = first[k] / (1 - decay1) / (Math.sqrt(second[k] / (1 - decay2)) + epsilon)
        parameters[k] -= learningRate * (direction + weightDecay * parameters[k])
      }
    },
  }
}
