/** Models side by side on the same rows as one model: the outputs of a row are those of the first, then those of the second, and so on. */

import type { Model } from './model.ts'

export function beside(models: readonly Model[]): Model {
  const counts = models.map(({ parameters }) => parameters.length)
  const starts = counts.map((_, m) => counts.slice(0, m).reduce((sum, count) => sum + count, 0))
  const parameters = new Float64Array(counts.reduce((sum, count) => sum + count, 0))
  models.forEach((model, m) => {
    parameters.set(model.parameters, starts[m])
  })
  const own = (flat: Float64Array, m: number) => flat.subarray(starts[m], starts[m] + counts[m])
  const widths = models.map(({ outputs }) => outputs)
  const offsets = widths.map((_, m) => widths.slice(0, m).reduce((sum, width) => sum + width, 0))
  const width = widths.reduce((sum, each) => sum + each, 0)
  let seen = 0
  return {
    parameters,
    outputs: width,
    forward(inputs, rows, outputs, keeps = true) {
      if (keeps) seen = rows
      models.forEach((model, m) => {
        // The optimiser moves the parameters that they have in common.
        model.parameters.set(own(parameters, m))
        const each = new Float64Array(rows * widths[m])
        model.forward(inputs, rows, each, keeps)
        for (let i = 0; i < rows; i++)
          outputs.set(each.subarray(i * widths[m], (i + 1) * widths[m]), i * width + offsets[m])
      })
    },
    backward(outputGradient, gradient) {
      models.forEach((model, m) => {
        const each = Float64Array.from({ length: seen * widths[m] }, (_, k) => {
          const [i, o] = [Math.floor(k / widths[m]), k % widths[m]]
          return outputGradient[i * width + offsets[m] + o]
        })
        model.backward(each, own(gradient, m))
      })
    },
  }
}
