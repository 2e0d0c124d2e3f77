// Writes what rank-bench for Node answers, one line of JSON a pass: every operator with kernels, at every point of its parameters that
// the law suite visits, in both precisions, on ragged batches. The tests hold the package for Python to it, bit for bit.
//
//   node python/tests/answers.mjs <file>
import { readFileSync, writeFileSync } from 'node:fs'

const module = (name) => import(new URL(`../../dist/${name}`, import.meta.url))
const { visitedPoints } = await module('check/points.js')
const { gradientKind } = await module('core/method.js')
const { randomStream } = await module('core/random.js')
const { resolveParams } = await module('core/params.js')
const { raggedShape } = await module('core/shape.js')
const { operatorParams, operators } = await module('methods/registry.js')

const description = JSON.parse(readFileSync(new URL('../../dist/operators.json', import.meta.url), 'utf8'))

/** Rows of few items; and rows that are long enough for sums by series. */
const short = [7, 1, 12, 0, 3]
const long = [200, 3]

const base64 = (numbers) => Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('base64')

function fill(plan, random, weighted) {
  const draw = (numbers, next) => {
    for (let i = 0; i < numbers.length; i++) numbers[i] = next(i)
  }
  draw(plan.values, () => 2 * random.normal())
  // Ties, too.
  if (plan.values.length > 2) plan.values[1] = plan.values[0]
  if (plan.labels) draw(plan.labels, () => random.integer(5))
  if (weighted) draw(plan.weights, () => random.integer(4) / 2)
  if (weighted && plan.listWeights) draw(plan.listWeights, (q) => (q === 1 ? 0 : 0.5 + random.uniform()))
  draw(plan.cotangent, () => random.normal())
}

function answer(name, spec, params, precision, lengths, weighted) {
  const asked = { name, params, precision, lengths, gradient: gradientKind(spec, params) }
  const plan = spec.fast(raggedShape(lengths), params, precision, {})
  if (!plan) return { ...asked, none: true }
  fill(plan, randomStream(1, `${name} ${JSON.stringify(params)} ${precision} ${lengths}`), weighted)
  const given = {
    values: base64(plan.values),
    cotangent: base64(plan.cotangent),
    ...(plan.labels && { labels: base64(plan.labels) }),
    ...(weighted && { weights: base64(plan.weights) }),
    ...(weighted && plan.listWeights && { listWeights: base64(plan.listWeights) }),
  }
  try {
    plan.forward()
    plan.backward()
  } catch (error) {
    return { ...asked, ...given, refused: error.message }
  }
  const found = { ...asked, ...given, output: base64(plan.output), result: base64(plan.gradient) }
  plan.dispose()
  return found
}

function* answers() {
  for (const name of [...Object.keys(description.operators), ...Object.keys(description.composed)]) {
    const spec = operators.get(name)
    const isMatrix = name.startsWith('matrix:')
    const rows = name.startsWith('quantile:') ? short.filter((n) => n > 0) : short
    for (const point of visitedPoints(spec.params, operatorParams)) {
      const params = resolveParams(spec.params, point, name)
      for (const precision of ['f64', 'f32']) {
        yield answer(name, spec, params, precision, rows, false)
        if (spec.weighted && !params['straight-through']) yield answer(name, spec, params, precision, rows, true)
        if (!isMatrix) yield answer(name, spec, params, precision, long, false)
      }
    }
  }
}

writeFileSync(process.argv[2], [...answers()].map((each) => JSON.stringify(each)).join('\n'))
