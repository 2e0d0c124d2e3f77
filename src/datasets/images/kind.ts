/** Pictures with classes: MNIST, and digits that are drawn here. */

import type { DataFinding, KindOfData, Part } from '../../core/dataset.ts'
import { same } from '../laws.ts'
import { digits } from './digits.ts'
import { mnist } from './mnist.ts'
import type { ImageDataset, Images } from './types.ts'

function pictureProblems({ width, height, pixels, labels }: Images, classes: number, part: Part): string[] {
  const wrong = labels.find((label) => label >= classes)
  const missing = Array.from({ length: classes }, (_, label) => label).find((label) => !labels.includes(label))
  const blank = Array.from(labels, (_, i) => i).find((i) =>
    pixels.subarray(i * width * height, (i + 1) * width * height).every((value) => value === 0),
  )
  return [
    ...(pixels.length === labels.length * width * height
      ? []
      : [`${part}: ${pixels.length} pixels; expected ${labels.length} x ${height} x ${width}`]),
    ...(wrong === undefined ? [] : [`${part}: label ${wrong}; expected 0 to ${classes - 1}`]),
    // The part that is held back may be smaller than the number of classes.
    ...(missing === undefined || part === 'validation' ? [] : [`${part}: no picture of class ${missing}`]),
    ...(blank === undefined ? [] : [`${part}: picture ${blank} is blank`]),
  ]
}

const parts: readonly Part[] = ['train', 'validation', 'test']

const laws: KindOfData<ImageDataset>['laws'] = async (dataset, params, context): Promise<DataFinding[]> => {
  const digests = [await dataset.digest(params, context), await dataset.digest(params, context)]
  const [first, again] = [await dataset.load(params, context), await dataset.load(params, context)]
  const { train } = first
  const repeated = same(train.labels, again.train.labels) && Buffer.compare(train.pixels, again.train.pixels) === 0
  const sizes = new Set(parts.map((part) => `${first[part].height} x ${first[part].width}`))
  return [
    { law: 'digest', problems: digests[0] === digests[1] ? [] : ['two digests of the same data differ'] },
    {
      law: 'pictures',
      problems: [
        ...parts.flatMap((part) => pictureProblems(first[part], dataset.classes, part)),
        ...(sizes.size === 1 ? [] : [`parts differ in size: ${[...sizes].join(', ')}`]),
      ],
    },
    { law: 'repeatable', problems: repeated ? [] : ['it loads differently the second time'] },
  ]
}

export const images: KindOfData<ImageDataset> = {
  kind: 'images',
  holds: 'pictures with classes',
  alwaysHere: [digits.name],
  datasets: [digits, mnist],
  laws,
}
