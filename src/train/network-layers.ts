/**
 * Layers of networks on pictures: convolutions as products with rows of patches (im2col: Chellapilla, Puri, Simard, 2006), a dense
 * layer as a convolution of pictures of one pixel, ReLU, and ReLU with pooling. Pictures are height x width x channels.
 */

import type { FloatArray, Precision } from '../core/shape.ts'
import { matrixLayer } from '../engine/matrix-layer.ts'
import { plainMatrix } from './plain-matrix.ts'

export interface NetworkLayer {
  /** Numbers of one picture before and after. */
  readonly inputs: number
  readonly outputs: number
  /** Weights and biases, in this order; [0, 0] where nothing is learnt. */
  readonly learns: readonly [weights: number, biases: number]
  /** Numbers that one output is a sum of. */
  readonly fanIn: number
  /** Before a pass: the parameters that it is of. */
  load(parameters: Float64Array): void
  forward(x: FloatArray, rows: number, y: FloatArray): void
  /** From the gradient after the layer to that before it, where it is wanted; adds to `gradient` that of the parameters. */
  backward(
    x: FloatArray,
    y: FloatArray,
    rows: number,
    yBar: FloatArray,
    xBar: FloatArray | undefined,
    gradient: Float64Array,
  ): void
}

export interface Picture {
  readonly height: number
  readonly width: number
  readonly channels: number
}

export const sizeOf = ({ height, width, channels }: Picture): number => height * width * channels

/** Patches of a block stay in the cache of the processor. */
const blockNumbers = 2 ** 19

/** Where the patches of a picture come from. */
interface Patches {
  /** Numbers of a picture, and of a patch. */
  readonly inputs: number
  readonly patch: number
  readonly pixels: number
  /**
   * What of the patches lies within the picture, in threes: from where in the picture, to where in its patches, how many numbers, for
   * each row of each patch. The rest of a patch is 0. One flat array: these loops are entered for every picture.
   */
  readonly runs: Int32Array
}

/** `same`: as many pixels out as in, beyond the picture there is 0. `valid`: patches lie within the picture. */
export type Padding = 'same' | 'valid'

/** The picture that filters of `side` x `side` leave; its channels are still those before. */
export const convolved = (picture: Picture, side: number, padding: Padding): Picture =>
  padding === 'same' ? picture : { ...picture, height: picture.height - side + 1, width: picture.width - side + 1 }

function patchesOf(picture: Picture, side: number, padding: Padding): Patches {
  const { height, width, channels } = picture
  const reach = side >> 1
  const out = convolved(picture, side, padding)
  /** Where the middle of the first patch lies. */
  const first = padding === 'same' ? 0 : reach
  const [pixels, patch] = [out.height * out.width, side * side * channels]
  const runs = Array.from({ length: pixels }, (_, pixel) => {
    const [y, x] = [first + Math.floor(pixel / out.width), first + (pixel % out.width)]
    const [left, right] = [Math.max(0, x - reach), Math.min(width - 1, x + reach)]
    return Array.from({ length: side }, (_row, dy) => {
      const row = y + dy - reach
      if (row < 0 || row >= height) return []
      const to = pixel * patch + (dy * side + left - x + reach) * channels
      return [(row * width + left) * channels, to, (right - left + 1) * channels]
    })
  })
  return { inputs: height * width * channels, patch, pixels, runs: Int32Array.from(runs.flat(2)) }
}

/** Patches of `count` pictures from the `first` on. */
function gather(patches: Patches, x: FloatArray, first: number, count: number, to: FloatArray): void {
  const { inputs, patch, pixels, runs } = patches
  to.fill(0, 0, count * pixels * patch)
  for (let i = 0; i < count; i++) {
    const [picture, own] = [(first + i) * inputs, i * pixels * patch]
    for (let r = 0; r < runs.length; r += 3) {
      const from = picture + runs[r]
      const at = own + runs[r + 1]
      const length = runs[r + 2]
      for (let k = 0; k < length; k++) to[at + k] = x[from + k]
    }
  }
}

/** The transpose: each pixel gets the sum of what its patches have for it. */
function scatter(patches: Patches, from: FloatArray, first: number, count: number, x: FloatArray): void {
  const { inputs, patch, pixels, runs } = patches
  x.fill(0, first * inputs, (first + count) * inputs)
  for (let i = 0; i < count; i++) {
    const [picture, own] = [(first + i) * inputs, i * pixels * patch]
    for (let r = 0; r < runs.length; r += 3) {
      const to = picture + runs[r]
      const at = own + runs[r + 1]
      const length = runs[r + 2]
      for (let k = 0; k < length; k++) x[to + k] += from[at + k]
    }
  }
}

/** Filters of `side` x `side`, an odd number, with stride 1. */
export function convolution(
  picture: Picture,
  filters: number,
  side: number,
  precision: Precision,
  padding: Padding = 'same',
): NetworkLayer {
  const patches = patchesOf(picture, side, padding)
  const { inputs, patch, pixels } = patches
  const block = Math.max(1, Math.floor(blockNumbers / (pixels * patch)))
  const size = { rows: block * pixels, inputs: patch, outputs: filters }
  const matrix = matrixLayer(size, precision) ?? plainMatrix(size)
  const outputs = pixels * filters
  return {
    inputs,
    outputs,
    learns: [patch * filters, filters],
    fanIn: patch,
    load: matrix.load,
    forward(x, rows, y) {
      for (let first = 0; first < rows; first += block) {
        const count = Math.min(block, rows - first)
        gather(patches, x, first, count, matrix.x)
        matrix.forward(count * pixels)
        y.set(matrix.y.subarray(0, count * outputs), first * outputs)
      }
    },
    backward(x, _y, rows, yBar, xBar, gradient) {
      matrix.gradient.fill(0)
      for (let first = 0; first < rows; first += block) {
        const count = Math.min(block, rows - first)
        gather(patches, x, first, count, matrix.x)
        matrix.yBar.set(yBar.subarray(first * outputs, (first + count) * outputs))
        matrix.backward(count * pixels)
        if (!xBar) continue
        matrix.backwardInput(count * pixels)
        scatter(patches, matrix.xBar, first, count, xBar)
      }
      for (let k = 0; k < gradient.length; k++) gradient[k] += matrix.gradient[k]
    },
  }
}

export const denseLayer = (inputs: number, outputs: number, precision: Precision): NetworkLayer =>
  convolution({ height: 1, width: 1, channels: inputs }, outputs, 1, precision)

const nothing = { learns: [0, 0] as const, fanIn: 1, load: () => {} }

/** max(x, 0). */
export const relu = (size: number): NetworkLayer => ({
  ...nothing,
  inputs: size,
  outputs: size,
  forward(x, rows, y) {
    for (let k = 0; k < rows * size; k++) y[k] = Math.max(x[k], 0)
  },
  backward(_x, y, rows, yBar, xBar) {
    if (xBar) for (let k = 0; k < rows * size; k++) xBar[k] = y[k] > 0 ? yBar[k] : 0
  },
})

/** The picture of half the height and width; an odd last row or column is left out. */
export const halved = ({ height, width, channels }: Picture): Picture => ({
  height: height >> 1,
  width: width >> 1,
  channels,
})

/** The largest of 2 x 2 pixels and 0, channel by channel; of equals the first. */
export function reluPool(picture: Picture): NetworkLayer {
  const [inputs, outputs] = [sizeOf(picture), sizeOf(halved(picture))]
  const { width, channels } = picture
  const small = halved(picture)
  const corners = [0, channels, width * channels, (width + 1) * channels]
  /** Calls `each` with the entry of the first of four pixels and that of what they become. */
  const visit = (rows: number, each: (from: number, to: number) => void) => {
    for (let i = 0; i < rows; i++) {
      for (let y = 0; y < small.height; y++) {
        for (let x = 0; x < small.width; x++) {
          const from = i * inputs + (2 * y * width + 2 * x) * channels
          const to = i * outputs + (y * small.width + x) * channels
          for (let c = 0; c < channels; c++) each(from + c, to + c)
        }
      }
    }
  }
  return {
    ...nothing,
    inputs,
    outputs,
    forward(x, rows, y) {
      const [, right, below, across] = corners
      // Two by two: more arguments are an array each time.
      visit(rows, (from, to) => {
        const upper = Math.max(x[from], x[from + right])
        y[to] = Math.max(0, Math.max(upper, Math.max(x[from + below], x[from + across])))
      })
    },
    backward(x, y, rows, yBar, xBar) {
      if (!xBar) return
      xBar.fill(0, 0, rows * inputs)
      visit(rows, (from, to) => {
        if (y[to] <= 0) return
        for (const corner of corners) {
          if (x[from + corner] !== y[to]) continue
          xBar[from + corner] = yBar[to]
          return
        }
      })
    },
  }
}
