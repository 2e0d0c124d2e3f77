/** What stands between the layers of a multilayer perceptron. */

export type Activation = 'relu' | 'tanh'

export interface ActivationFunction {
  value(x: number): number
  /** Derivative, from the value y = value(x). */
  slope(y: number): number
  /**
   * Variance of the initial weights of a layer with this many inputs and outputs, which keeps the size of signals through
   * many layers: 2 / inputs for ReLU (He et al., ICCV 2015), 2 / (inputs + outputs) for tanh (Glorot, Bengio, AISTATS 2010).
   */
  initialVariance(inputs: number, outputs: number): number
}

export const activations: Readonly<Record<Activation, ActivationFunction>> = {
  relu: {
    value: (x) => Math.max(x, 0),
    slope: (y) => (y > 0 ? 1 : 0),
    initialVariance: (inputs) => 2 / inputs,
  },
  tanh: {
    value: Math.tanh,
    slope: (y) => 1 - y * y,
    initialVariance: (inputs, outputs) => 2 / (inputs + outputs),
  },
}
