/** Generated lists on which metrics are held to the tools they are named for: every edge at which tools part ways. */

import { type Random, randomStream } from '../../core/random.ts'

export interface AgreementList {
  /** What the list is an instance of. */
  readonly kind: string
  readonly labels: readonly number[]
  readonly scores: readonly number[]
  readonly documents: readonly string[]
}

interface Kind {
  readonly kind: string
  readonly lists: number
  /** Number of documents. */
  length(random: Random): number
  label(random: Random): number
  score(random: Random): number
}

const upTo = (most: number) => (random: Random) => 1 + random.integer(most)
const grade = (most: number) => (random: Random) => random.integer(most + 1)
/** Few relevant documents, so that lists without any occur. */
const sparse = (most: number) => (random: Random) => (random.uniform() < 0.7 ? 0 : random.integer(most + 1))
const apart = (random: Random) => random.normal()
const positive = (random: Random) => random.uniform() + 0.01
const tied = (random: Random) => (1 + random.integer(4)) / 2
/** Apart in double precision, mostly equal in single. */
const close = (random: Random) => 1 + random.integer(3) * 1e-9 + random.integer(2) * 1e-3

const kinds: readonly Kind[] = [
  { kind: 'labels 0 and 1', lists: 16, length: upTo(14), label: grade(1), score: positive },
  { kind: 'labels 0 and 1, scores of both signs', lists: 10, length: upTo(14), label: sparse(1), score: apart },
  { kind: 'labels 0 and 1, tied scores', lists: 16, length: upTo(14), label: grade(1), score: tied },
  { kind: 'labels 0 to 2', lists: 14, length: upTo(14), label: sparse(2), score: positive },
  { kind: 'labels 0 to 2, tied scores', lists: 14, length: upTo(14), label: grade(2), score: tied },
  { kind: 'labels 0 to 4', lists: 14, length: upTo(25), label: grade(4), score: apart },
  { kind: 'labels 0 to 4, tied scores', lists: 14, length: upTo(25), label: sparse(4), score: tied },
  { kind: 'no relevant document', lists: 8, length: upTo(7), label: () => 0, score: tied },
  { kind: 'one document', lists: 6, length: () => 1, label: grade(2), score: apart },
  { kind: 'all relevant', lists: 6, length: upTo(7), label: () => 1, score: positive },
  { kind: 'tied in single precision only', lists: 14, length: upTo(10), label: grade(1), score: close },
  { kind: 'labels up to 30', lists: 6, length: upTo(8), label: grade(30), score: positive },
  { kind: 'labels 28 to 34', lists: 4, length: upTo(5), label: (random) => 28 + random.integer(7), score: positive },
  { kind: 'labels above 96', lists: 3, length: upTo(4), label: (random) => 97 + random.integer(40), score: positive },
  {
    kind: 'fractional labels',
    lists: 14,
    length: upTo(10),
    label: (random) => random.integer(12) / 4,
    score: positive,
  },
  {
    kind: 'labels from 0 to 1',
    lists: 8,
    length: upTo(8),
    label: (random) => random.integer(5) / 4,
    score: positive,
  },
  { kind: 'labels all different', lists: 10, length: upTo(12), label: grade(9999), score: apart },
  { kind: 'a long list', lists: 1, length: () => 300, label: sparse(2), score: positive },
  { kind: 'a long list, tied scores', lists: 1, length: () => 300, label: sparse(1), score: tied },
]

/** Names out of order, some beyond ASCII and beyond the first plane, so that the order of bytes shows. */
function names(n: number, random: Random): string[] {
  const marks = ['d', 'D', 'é', '\uffee', '\u{1f600}', '']
  const made = Array.from({ length: n }, (_, i) => `${marks[random.integer(marks.length)]}${i}`)
  return random.shuffle(made)
}

function make({ kind, lists, length, label, score }: Kind, seed: number): AgreementList[] {
  const random = randomStream(seed, `metrics-agreement/${kind}`)
  return Array.from({ length: lists }, () => {
    const n = length(random)
    const draw = (value: (random: Random) => number) => Array.from({ length: n }, () => value(random))
    return { kind, labels: draw(label), scores: draw(score), documents: names(n, random) }
  })
}

/** The same lists for the same seed on every machine but for the last digit of normal scores. */
export const agreementLists = (seed: number): AgreementList[] => kinds.flatMap((kind) => make(kind, seed))
