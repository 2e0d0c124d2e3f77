/** Sequences of numbers that are pictures. */

import type { DataFinding, KindOfData, Part } from '../../core/dataset.ts'
import { randomStream } from '../../core/random.ts'
import { finiteProblems, same } from '../laws.ts'
import { sequences } from './sequences.ts'
import type { SequenceBatch, SequenceDataset, SequenceSource } from './types.ts'

const parts: readonly Part[] = ['train', 'validation', 'test']

function batchProblems({ values, pictures }: SequenceBatch, source: SequenceSource, part: string): string[] {
  const { n, width, height } = source
  const beyond = pictures.find((grey) => !(grey >= 0 && grey <= 1))
  return [
    ...(values.length === 2 * n ? [] : [`${part}: ${values.length} numbers; expected 2 x ${n}`]),
    ...(pictures.length === values.length * width * height ? [] : [`${part}: ${pictures.length} pixels`]),
    ...(beyond === undefined ? [] : [`${part}: a pixel is ${beyond}; expected 0 to 1`]),
    ...finiteProblems(values, part),
  ]
}

const laws: KindOfData<SequenceDataset>['laws'] = async (dataset, params, context): Promise<DataFinding[]> => {
  const digests = [await dataset.digest(params, context), await dataset.digest(params, context)]
  const source = await dataset.open(params, context)
  const draw = (part: Part, seed: number) => source.draw(part, 2, randomStream(seed, 'laws'))
  const [first, again, other] = [draw('train', 1), draw('train', 1), draw('train', 2)]
  const repeated = same(first.values, again.values) && same(first.pictures, again.pictures)
  return [
    { law: 'digest', problems: digests[0] === digests[1] ? [] : ['two digests of the same data differ'] },
    { law: 'batches', problems: parts.flatMap((part) => batchProblems(draw(part, 1), source, part)) },
    { law: 'repeatable', problems: repeated ? [] : ['two draws of one seed differ'] },
    { law: 'seeded', problems: same(first.pictures, other.pictures) ? ['two seeds draw the same'] : [] },
  ]
}

export const sequencesKind: KindOfData<SequenceDataset> = {
  kind: 'sequences',
  holds: 'sequences of numbers that are pictures',
  alwaysHere: [sequences.name],
  datasets: [sequences],
  drawnBySeed: true,
  laws,
}
