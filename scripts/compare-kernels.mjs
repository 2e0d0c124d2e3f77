// Two builds of this package against each other, in one process:
//
//   node scripts/compare-kernels.mjs equal <folder before> [<folder after>] [--batches 40]
//   node scripts/compare-kernels.mjs time  <folder before> [<folder after>] [--rounds 400] [--only permutahedron]
//
// `equal`: every operator with kernels, at every point of its parameters that the law suite visits, in both precisions and on
// one and two threads, on random ragged batches: outputs and gradients must be the same, bit for bit. Exit 1 where they are not.
// `time`: forward and backward of the kernels that everything is compared by, in short rounds that take turns, so that drift of the
// machine meets both. Prints the median of the ratios after / before with a 95 % interval (bootstrap over rounds).
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { batches: { type: 'string' }, rounds: { type: 'string' }, only: { type: 'string' } },
})
const [mode, before, after = '.'] = positionals
if (!before || !['equal', 'time'].includes(mode)) {
  console.error('usage: node scripts/compare-kernels.mjs equal|time <folder before> [<folder after>]')
  process.exit(2)
}

const load = async (folder) => {
  const module = (name) => import(pathToFileURL(resolve(folder, 'dist', name)).href)
  const { operators } = await module('methods/registry.js')
  const { visitedPoints } = await module('check/points.js')
  const { raggedShape, regularShape } = await module('core/shape.js')
  return { operators, visitedPoints, raggedShape, regularShape }
}
const builds = [await load(before), await load(after)]

/** Mulberry32, and normals from it: the same numbers on every machine. */
function random(seed) {
  let state = seed >>> 0
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  return { uniform, normal, integer: (n) => Math.floor(n * uniform()) }
}

const draws = [
  (n, r) => Array.from({ length: n }, () => r.normal()),
  (n, r) => Array.from({ length: n }, () => 10 * r.normal()),
  (n, r) => Array.from({ length: n }, () => r.integer(3)),
  (n) => new Array(n).fill(-2.5),
  (n, r) => Array.from({ length: n }, () => 1e6 + r.normal()),
  (n, r) => Array.from({ length: n }, () => 1e15 * r.normal()),
  (n, r) => Array.from({ length: n }, () => (r.uniform() < 0.5 ? 0 : -0)),
  (n) => Array.from({ length: n }, (_, i) => i / 4),
  (n) => Array.from({ length: n }, (_, i) => -i),
]

/** Short rows mostly, one of hundreds now and then, none at all sometimes. */
const lengths = (r) => Array.from({ length: r.integer(6) }, () => (r.uniform() < 0.05 ? r.integer(300) : r.integer(14)))

function fill(plan, rows, seed) {
  const r = random(seed)
  let at = 0
  for (const n of rows) {
    plan.values.set(draws[r.integer(draws.length)](n, r), at)
    for (let i = at; i < at + n; i++) {
      if (plan.labels) plan.labels[i] = r.integer(5)
      if (plan.weights) plan.weights[i] = 0.5 + r.uniform()
    }
    at += n
  }
  for (let i = 0; i < plan.cotangent.length; i++) plan.cotangent[i] = r.normal()
}

function passes({ operators, raggedShape }, name, params, precision, rows, seed, execution) {
  const spec = operators.get(name)
  const plan = spec.fast(raggedShape(rows), params, precision, execution)
  if (!plan) return undefined
  fill(plan, rows, seed)
  plan.forward()
  const algorithms = plan.algorithms?.() ?? []
  plan.backward()
  const numbers = [plan.output, plan.gradient, ...Object.values(plan.diagnostics ?? {})]
  const bytes = numbers.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('base64'))
  plan.dispose()
  return `${bytes.join(' ')} ${algorithms.join()}`
}

function equal() {
  const batches = Number(flags.batches ?? 40)
  let [compared, different, cases] = [0, 0, 0]
  const names = [...builds[0].operators].filter(([name, { fast }]) => fast && name.includes(flags.only ?? ''))
  for (const [name, spec] of names) {
    let wrong = 0
    for (const params of builds[0].visitedPoints(spec.params)) {
      for (const precision of ['f32', 'f64']) {
        cases++
        for (let batch = 0; batch < batches; batch++) {
          const seed = 1000 * cases + batch
          const rows = lengths(random(seed))
          const execution = { threads: batch % 8 === 7 ? 2 : 1, reuseOrder: batch % 5 === 4 }
          const [a, b] = builds.map((build) => passes(build, name, params, precision, rows, seed, execution))
          compared++
          if (a === b) continue
          wrong++
          if (wrong <= 3) console.log(`different: ${name} ${JSON.stringify(params)} ${precision}, rows of ${rows}`)
        }
      }
    }
    different += wrong
    if (wrong > 0) console.log(`${name}: ${wrong} batches differ`)
  }
  console.log(`${names.length} operators, ${cases} points, ${compared} batches compared: ${different} differ`)
  process.exit(different > 0 ? 1 : 0)
}

/** Name, parameters beyond the defaults, rows, items a row. */
const timed = [
  // Short rows: what a row costs besides its items.
  ['rank:permutahedron', {}, 64, 100],
  ['rank:permutahedron', { regularization: 'kl' }, 64, 100],
  ['sort:permutahedron', {}, 64, 100],
  ['sort:permutahedron', { regularization: 'kl' }, 64, 100],
  ['rank:permutahedron', {}, 1, 10000],
  ['rank:sigmoid', {}, 16, 100],
  ['rank:sigmoid', { strength: 0.1 }, 1, 2000],
  ['loss:approx-ndcg', {}, 64, 20],
  ['sort:softsort', {}, 64, 100],
  ['rank:softsort', {}, 64, 100],
  ['matrix:softsort', {}, 8, 100],
  ['sort:neuralsort', {}, 16, 100],
  ['rank:neuralsort', {}, 16, 100],
  ['matrix:neuralsort', {}, 8, 100],
  ['loss:softmax', {}, 128, 20],
  ['loss:listnet', {}, 128, 20],
  ['loss:listmle', {}, 128, 20],
  ['loss:ranknet', {}, 128, 20],
  ['loss:pairwise-hinge', {}, 128, 20],
  ['loss:lambdarank', {}, 128, 20],
  ['loss:pointwise-mse', {}, 128, 20],
  ['loss:neural-ndcg', {}, 16, 20],
  ['sort:sinkhorn', {}, 4, 32],
  ['rank:sinkhorn', { cost: 'absolute' }, 8, 64],
  ['matrix:sinkhorn', {}, 2, 32],
  ['sort:lapsum', {}, 64, 100],
  ['topk:lapsum', {}, 64, 100],
  ['sort:network', {}, 16, 32],
  ['matrix:network', {}, 2, 16],
  ['rank:softrank', {}, 16, 50],
  ['matrix:smoothi', {}, 4, 20],
  ['sort:hard', {}, 64, 100],
]

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

function interval(ratios) {
  const r = random(1)
  const medians = Array.from({ length: 400 }, () => median(ratios.map(() => ratios[r.integer(ratios.length)])))
  medians.sort((a, b) => a - b)
  return [medians[10], medians[389]]
}

function subject({ operators, regularShape }, name, changed, rows, n, precision) {
  const spec = operators.get(name)
  const defaults = Object.fromEntries(Object.entries(spec.params).map(([key, { default: value }]) => [key, value]))
  const plan = spec.fast(regularShape(rows, n), { ...defaults, ...changed }, precision, { engine: 'fast', threads: 1 })
  if (!plan) throw new Error(`${name} has no kernel`)
  fill(
    plan,
    Array.from({ length: rows }, () => n),
    7,
  )
  const r = random(3)
  for (let i = 0; i < plan.values.length; i++) plan.values[i] = r.normal()
  return () => {
    plan.forward()
    plan.backward()
  }
}

const clock = () => Number(process.hrtime.bigint())

function elapsed(pass, times) {
  const start = clock()
  for (let i = 0; i < times; i++) pass()
  return (clock() - start) / times
}

function time() {
  const rounds = Number(flags.rounds ?? 400)
  const slower = []
  for (const [name, params, rows, n] of timed.filter(([name]) => name.includes(flags.only ?? ''))) {
    for (const precision of ['f32', 'f64']) {
      const pair = builds.map((build) => subject(build, name, params, rows, n, precision))
      // Until tiers of the compiler have settled, then some 200 microseconds a turn.
      for (let i = 0; i < 300; i++) for (const pass of pair) pass()
      const times = Math.max(1, Math.ceil(2e5 / Math.min(...pair.map((pass) => elapsed(pass, 3)))))
      const ratios = []
      const both = [[], []]
      for (let round = 0; round < rounds; round++) {
        const turn = [0, 0]
        for (const which of round % 2 ? [1, 0] : [0, 1]) turn[which] = elapsed(pair[which], times)
        for (const which of [0, 1]) both[which].push(turn[which])
        ratios.push(turn[1] / turn[0])
      }
      const [low, high] = interval(ratios)
      const label = `${name}${Object.keys(params).length ? JSON.stringify(params) : ''} ${rows}x${n} ${precision}`
      const [old, now] = both.map((times) => (median(times) / 1000).toFixed(2))
      console.log(
        `${label.padEnd(56)} ${old.padStart(9)} ${now.padStart(9)} us  ratio ${median(ratios).toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`,
      )
      if (low > 1.03) slower.push(label)
    }
  }
  console.log(slower.length ? `slower by more than 3 %: ${slower.join('; ')}` : 'none slower by more than 3 %')
  process.exit(slower.length ? 1 : 0)
}

if (mode === 'equal') equal()
else time()
