/** A dense layer, y = x W + b, and its backward pass. Matrices are row-major Float64Arrays. */

/** Views into the flat parameters of a network: `inputs x outputs` weights, then `outputs` biases. */
interface Layer {
  readonly inputs: number
  readonly outputs: number
  readonly weights: Float64Array
  readonly biases: Float64Array
}

export const parameterCount = (inputs: number, outputs: number): number => (inputs + 1) * outputs

/** The layer whose parameters begin at `start`. */
export function layerAt(parameters: Float64Array, start: number, inputs: number, outputs: number): Layer {
  const biasesAt = start + inputs * outputs
  return {
    inputs,
    outputs,
    weights: parameters.subarray(start, biasesAt),
    biases: parameters.subarray(biasesAt, biasesAt + outputs),
  }
}

/**
 * How many products are added to a sum at a time. Sums are loaded and stored once for the four, which makes the passes
 * below 2.5 times as fast in V8 as one product at a time.
 */
const lanes = 4

/** y = x W + b for each of `rows` rows; a row's result does not depend on the other rows, bit for bit. */
export function dense(layer: Layer, x: Float64Array, rows: number, y: Float64Array): void {
  const { inputs: n, outputs: m, weights: w, biases } = layer
  for (let i = 0; i < rows; i++) {
    const [xi, yi] = [i * n, i * m]
    y.set(biases, yi)
    let k = 0
    for (; k + lanes <= n; k += lanes) {
      const [a, b, c, d] = [x[xi + k], x[xi + k + 1], x[xi + k + 2], x[xi + k + 3]]
      const [p, q, r, s] = [k * m, (k + 1) * m, (k + 2) * m, (k + 3) * m]
      for (let o = 0; o < m; o++) y[yi + o] += a * w[p + o] + b * w[q + o] + c * w[r + o] + d * w[s + o]
    }
    for (; k < n; k++) for (let o = 0; o < m; o++) y[yi + o] += x[xi + k] * w[k * m + o]
  }
}

/** Adds x^T g to the gradient of the weights and the column sums of g to that of the biases; g = dL/dy. */
export function denseParameters(gradient: Layer, x: Float64Array, rows: number, g: Float64Array): void {
  const { inputs: n, outputs: m, weights: gw, biases: gb } = gradient
  let i = 0
  for (; i + lanes <= rows; i += lanes) {
    const [p, q, r, s] = [i * m, (i + 1) * m, (i + 2) * m, (i + 3) * m]
    for (let k = 0; k < n; k++) {
      const [a, b, c, d] = [x[i * n + k], x[(i + 1) * n + k], x[(i + 2) * n + k], x[(i + 3) * n + k]]
      for (let o = 0; o < m; o++) gw[k * m + o] += a * g[p + o] + b * g[q + o] + c * g[r + o] + d * g[s + o]
    }
  }
  for (; i < rows; i++) {
    for (let k = 0; k < n; k++) for (let o = 0; o < m; o++) gw[k * m + o] += x[i * n + k] * g[i * m + o]
  }
  for (let j = 0; j < rows; j++) for (let o = 0; o < m; o++) gb[o] += g[j * m + o]
}

/** dL/dx = g W^T. */
export function denseInput(layer: Layer, rows: number, g: Float64Array, gx: Float64Array): void {
  const { inputs: n, outputs: m, weights: w } = layer
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < n; k++) {
      let sum = 0
      for (let o = 0; o < m; o++) sum += g[i * m + o] * w[k * m + o]
      gx[i * n + k] = sum
    }
  }
}
