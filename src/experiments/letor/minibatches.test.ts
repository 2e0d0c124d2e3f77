import { describe, expect, test } from 'vitest'
import type { RankingData } from '../../core/dataset.ts'
import type { OperatorSpec } from '../../core/method.ts'
import { randomStream } from '../../core/random.ts'
import { itemCount, rowCount, type Shape } from '../../core/shape.ts'
import { createMinibatches, lossOf } from './minibatches.ts'

const random = (name: string) => randomStream(1, name)

/** A loss that is the mean over lists of the sum of scores times labels; `perList` keeps lists apart. */
const operator = (perList = false): OperatorSpec => ({
  params: {},
  growth: { forward: 'n', backward: 'n', memory: 'n' },
  gradient: 'exact',
  plan(shape: Shape) {
    const lists = rowCount(shape)
    const [values, labels, gradient] = Array.from({ length: 3 }, () => new Float64Array(itemCount(shape)))
    const [output, cotangent] = [new Float64Array(perList ? lists : 1), new Float64Array(perList ? lists : 1)]
    return {
      values,
      labels,
      output,
      cotangent,
      gradient,
      forward() {
        output.fill(0)
        for (let q = 0; q < lists; q++)
          for (let i = shape.offsets[q]; i < shape.offsets[q + 1]; i++)
            output[perList ? q : 0] += (values[i] * labels[i]) / (perList ? 1 : lists)
      },
      backward() {
        for (let q = 0; q < lists; q++)
          for (let i = shape.offsets[q]; i < shape.offsets[q + 1]; i++)
            gradient[i] = (cotangent[perList ? q : 0] * labels[i]) / (perList ? 1 : lists)
      },
      dispose() {},
    }
  },
})

/** Ten lists of 5 to 9 documents. */
function lists(): RankingData {
  const source = random('lists')
  const offsets = new Uint32Array(11)
  for (let q = 0; q < 10; q++) offsets[q + 1] = offsets[q] + 5 + source.integer(5)
  const count = offsets[10]
  return {
    queries: Array.from({ length: 10 }, (_, q) => `${q}`),
    offsets,
    labels: Float32Array.from({ length: count }, () => source.integer(3)),
    // The one feature of a document is its place in the data.
    features: Float32Array.from({ length: count }, (_, i) => i),
    width: 1,
  }
}

describe('minibatches', () => {
  const data = lists()
  const create = (perList = false) => createMinibatches(data, 4, operator(perList), {}, 'f64', random('order'))
  /** One epoch, batch by batch: a batch is valid until the one after it. */
  const epoch = <T>(
    stream: ReturnType<ReturnType<typeof createMinibatches>['stream']>,
    look: (batch: ReturnType<typeof stream.next>) => T,
  ) => Array.from({ length: 3 }, () => look(stream.next()))
  const places = (stream: ReturnType<ReturnType<typeof createMinibatches>['stream']>) =>
    epoch(stream, ({ inputs }) => Array.from(inputs))

  test('hold every document once an epoch, each with its own label', () => {
    const seen = epoch(create().stream(random('epochs')), ({ inputs, loss }) => {
      inputs.forEach((place, i) => {
        expect(loss.labels![i]).toBe(data.labels[place])
      })
      return Array.from(inputs)
    })
    expect(seen.flat().sort((a, b) => a - b)).toEqual(Array.from(data.features))
  })
  test('keep the documents of a list together', () => {
    const listOf = (place: number) => data.offsets.findLastIndex((start) => start <= place)
    for (const batch of places(create().stream(random('epochs')))) {
      const runs = batch.map(listOf).filter((list, i, all) => list !== all[i - 1])
      expect(new Set(runs).size).toBe(runs.length)
    }
  })
  test('hold 4, 4 and 2 lists, the same ones every epoch, in plans that are made once', () => {
    const batches = create()
    const stream = batches.stream(random('epochs'))
    const sets = () => places(stream).map((batch) => batch.sort((a, b) => a - b).join())
    const first = sets()
    expect(batches.count).toBe(3)
    expect(sets().sort()).toEqual(first.sort())
    const plans = Array.from({ length: 4 }, () => epoch(stream, (batch) => batch.loss)).flat()
    expect(new Set(plans).size).toBe(3)
  })
  test('come in another order every epoch, and so do the documents within a list', () => {
    const stream = create().stream(random('epochs'))
    const epochs = Array.from({ length: 4 }, () => places(stream))
    expect(new Set(epochs.map((each) => each.join())).size).toBe(4)
    expect(new Set(epochs.map((each) => each.map((batch) => batch.length).join())).size).toBeGreaterThan(1)
  })
  test('of streams that take turns are those of each stream alone', () => {
    const shared = create()
    const [one, other] = [shared.stream(random('epochs')), shared.stream(random('others'))]
    const alone = create().stream(random('epochs'))
    for (let step = 0; step < 10; step++) {
      const expected = alone.next()
      const { inputs, loss } = one.next()
      expect(Array.from(inputs)).toEqual(Array.from(expected.inputs))
      expect(Array.from(loss.labels!)).toEqual(Array.from(expected.loss.labels!))
      other.next()
    }
  })
  test('have the mean over their lists as loss, whatever the reduction', () => {
    const [mean, none] = [false, true].map((perList) => {
      const batch = create(perList).stream(random('epochs')).next()
      const scores = Float64Array.from({ length: batch.rows }, random('scores').normal)
      const { value, gradient } = lossOf(scores, batch)
      return { value, gradient: Array.from(gradient) }
    })
    expect(none.value).toBeCloseTo(mean.value, 12)
    none.gradient.forEach((slope, i) => {
      expect(slope).toBeCloseTo(mean.gradient[i], 12)
    })
  })
})
