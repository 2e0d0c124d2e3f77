/** Whether the true class is among the k largest outputs. */

/**
 * The place of the true class among the outputs of each row, 1 for the largest. A class that is as large stands before it: outputs that
 * are all equal have found nothing.
 */
export function placesOf(outputs: ArrayLike<number>, labels: Uint8Array): Uint32Array {
  const classes = outputs.length / labels.length
  return Uint32Array.from(labels, (label, row) => {
    const own = outputs[row * classes + label]
    let place = 0
    // An output that is not a number is not below any.
    for (let c = 0; c < classes; c++) if (!(outputs[row * classes + c] < own)) place++
    return place
  })
}

/** 1 where the true class is among the k largest, one a row. */
export const amongFirst = (places: Uint32Array, k: number): number[] =>
  Array.from(places, (place) => (place <= k ? 1 : 0))
