/** Pictures that are judged by, and those of the training part that they look for neighbours among; the same ones every time. */

import { randomStream } from '../../core/random.ts'
import { drawnPictures, type loadPictures, type Pictures } from '../training/pictures.ts'
import type { Settings } from './settings.ts'

export type Parts = Awaited<ReturnType<typeof loadPictures>>

export type Judged = 'validation' | 'test'

const counts = (settings: Settings, part: Judged): readonly [asking: number, neighbours: number] =>
  part === 'test' ? [settings.test, settings.testNeighbours] : [settings.validation, settings.validationNeighbours]

export function picturesOf(
  parts: Parts,
  part: Judged,
  settings: Settings,
  seed: number,
): readonly [asking: Pictures, neighbours: Pictures] {
  const [asking, neighbours] = counts(settings, part)
  const stream = (name: string) => randomStream(seed, `differentiable kNN/${part}/${name}`)
  return [
    drawnPictures(parts[part], asking, stream('asking')),
    drawnPictures(parts.train, neighbours, stream('neighbours')),
  ]
}
