/** The fast implementation against the reference. */

import { compareWithReference, nudgedRow } from '../engine-bounds.ts'
import type { Law } from '../law.ts'
import { normals } from '../sample.ts'

export const fastIsReference: Law = {
  name: 'fast = reference',
  statement: 'values and gradients of the fast implementation are those of the reference in f64, to rounding',
  rows: ['random', 'tied', 'distinct', 'nearly equal', 'extreme'],
  exempt(subject) {
    if (!subject.reference) return 'no fast implementation, or not asked for'
    // The reference agrees with itself: that says nothing.
    return subject.plan(2).engine === 'fast' ? undefined : 'no kernel for these parameters, or no engine here'
  },
  judge(subject, sample) {
    const u = normals(sample.random, subject.outputLength(sample.values.length)).map(Math.fround)
    const reference = subject.reference!()
    const nudged = nudgedRow(subject, sample)
    return compareWithReference(subject, {
      values: sample.values,
      u,
      fast: subject.run(sample, u),
      slow: reference.run(sample, u),
      nudged: nudged && reference.run(nudged, u),
    })
  },
}
