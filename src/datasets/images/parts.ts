/** Which pictures train, validate and test. */

import type { ImageParts, Images } from './types.ts'

/** 5,000 of MNIST's 60,000, as Grover et al. (ICLR 2019) have it: the last of the training pictures validate. */
const validating = 12

function between({ width, height, pixels, labels }: Images, from: number, to: number): Images {
  const size = width * height
  return { width, height, pixels: pixels.subarray(from * size, to * size), labels: labels.subarray(from, to) }
}

/** @param given pictures to learn from, a twelfth of which is held back */
export function partsOf(given: Images, test: Images): ImageParts {
  const all = given.labels.length
  const held = Math.floor(all / validating)
  return { train: between(given, 0, all - held), validation: between(given, all - held, all), test }
}
