// Two builds of this package against each other:
//
//   node scripts/compare-kernels.mjs equal <folder before> [<folder after>] [--batches 40]
//   node scripts/compare-kernels.mjs time  <folder before> [<folder after>] [--processes 5] [--rounds 200] [--only permutahedron]
//
// `equal`: every operator with kernels, at every point of its parameters that the law suite visits, in both precisions and on
// one and two threads, on random ragged batches, and dense layers: outputs and gradients must be the same, bit for bit. Exit 1 where
// they are not.
// `time`: forward and backward of the kernels that everything is compared by. Each is timed in processes of its own, in short rounds in
// which the builds take turns, so that drift of the machine meets both; which build is loaded first takes turns too. In one process
// for all, what ran before decides: the same kernel took 10 or 14 us. Where machine code happens to stand moves a kernel by up to 2 %
// from process to process, which only several of them show. Prints the median of the ratios after / before with a 95 % interval
// (bootstrap over processes, then rounds).
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    batches: { type: 'string' },
    rounds: { type: 'string' },
    only: { type: 'string' },
    processes: { type: 'string' },
    // What one process times: which case, in which precision, and which build it loads first.
    case: { type: 'string' },
    precision: { type: 'string' },
    first: { type: 'string' },
  },
})
const [mode, before, after = '.'] = positionals
if (!before || !['equal', 'time', 'ratios'].includes(mode)) {
  console.error('usage: node scripts/compare-kernels.mjs equal|time <folder before> [<folder after>]')
  process.exit(2)
}

const load = async (folder) => {
  const module = (name) => import(pathToFileURL(resolve(folder, 'dist', name)).href)
  const { operators } = await module('methods/registry.js')
  const { visitedPoints } = await module('check/points.js')
  const { raggedShape, regularShape } = await module('core/shape.js')
  const { denseLayers } = await module('engine/dense-layers.js')
  return { operators, visitedPoints, raggedShape, regularShape, denseLayers }
}

/** Before and after, whichever is loaded first. */
async function loadBoth(first) {
  const folders = [before, after]
  const loaded = []
  for (const which of first === '1' ? [1, 0] : [0, 1]) loaded[which] = await load(folders[which])
  return loaded
}
const builds = mode === 'time' ? [] : await loadBoth(flags.first)

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

/** Weights stay 1 where `weighs` is false: the hard operator, whose value straight-through gives, has none. */
function fill(plan, rows, seed, weighs = true) {
  const r = random(seed)
  let at = 0
  for (const n of rows) {
    plan.values.set(draws[r.integer(draws.length)](n, r), at)
    for (let i = at; i < at + n; i++) {
      if (plan.labels) plan.labels[i] = r.integer(5)
      if (plan.weights && weighs) plan.weights[i] = 0.5 + r.uniform()
    }
    at += n
  }
  for (let i = 0; i < plan.cotangent.length; i++) plan.cotangent[i] = r.normal()
}

function passes({ operators, raggedShape }, name, params, precision, rows, seed, execution) {
  const spec = operators.get(name)
  const plan = spec.fast(raggedShape(rows), params, precision, execution)
  if (!plan) return undefined
  fill(plan, rows, seed, !params['straight-through'])
  plan.forward()
  const algorithms = plan.algorithms?.() ?? []
  plan.backward()
  const numbers = [plan.output, plan.gradient, ...Object.values(plan.diagnostics ?? {})]
  const bytes = numbers.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('base64'))
  plan.dispose()
  return `${bytes.join(' ')} ${algorithms.join()}`
}

/** Sizes of networks: rows and columns of every remainder that the kernels treat apart. */
const networks = [
  [1, 1],
  [3, 5, 1],
  [46, 32, 16, 1],
  [7, 8, 9, 2],
]

function densePasses({ denseLayers }, sizes, rows, seed) {
  const r = random(seed)
  const layers = denseLayers(sizes)
  layers.reserve(rows)
  const fillWith = (numbers) => {
    for (let i = 0; i < numbers.length; i++) numbers[i] = r.normal()
  }
  fillWith(layers.parameters)
  fillWith(layers.values(0).subarray(0, rows * sizes[0]))
  const last = sizes.length - 2
  for (let l = 0; l <= last; l++) layers.forward(l, rows)
  fillWith(layers.outputGradient(last).subarray(0, rows * sizes[last + 1]))
  for (let l = last; l >= 0; l--) layers.backward(l, rows)
  const numbers = [layers.values(last + 1).subarray(0, rows * sizes[last + 1]), layers.gradient]
  return numbers.map((part) => Buffer.from(Float64Array.from(part).buffer).toString('base64')).join(' ')
}

/** How many networks of the four, at how many rows, differ. */
function denseDifferences() {
  let wrong = 0
  for (const [n, sizes] of networks.entries()) {
    for (let rows = 1; rows <= 9; rows++) {
      const [a, b] = builds.map((build) => densePasses(build, sizes, rows, 100 * n + rows))
      if (a !== b) wrong++
    }
  }
  return wrong
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
  const networksApart = denseDifferences()
  console.log(`${names.length} operators, ${cases} points, ${compared} batches compared: ${different} differ`)
  console.log(`${networks.length} networks at 9 row counts compared: ${networksApart} differ`)
  process.exit(different + networksApart > 0 ? 1 : 0)
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
  ['matrix:softsort', { power: 2 }, 8, 100],
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
  ['dense', {}, 64, 46],
]

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

/** A 95 % interval of the median: processes are drawn first, then rounds of each. */
function interval(processes) {
  const r = random(1)
  const drawn = (list) => list.map(() => list[r.integer(list.length)])
  const medians = Array.from({ length: 400 }, () => median(drawn(processes).flatMap(drawn)))
  medians.sort((a, b) => a - b)
  return [medians[10], medians[389]]
}

/** A network with two hidden layers, forward and backward. */
function denseSubject({ denseLayers }, rows, n) {
  const sizes = [n, 32, 16, 1]
  const layers = denseLayers(sizes)
  layers.reserve(rows)
  const r = random(3)
  for (let i = 0; i < layers.parameters.length; i++) layers.parameters[i] = r.normal()
  for (let i = 0; i < rows * n; i++) layers.values(0)[i] = r.normal()
  return () => {
    for (let l = 0; l < sizes.length - 1; l++) layers.forward(l, rows)
    for (let l = sizes.length - 2; l >= 0; l--) layers.backward(l, rows)
  }
}

function subject(build, name, changed, rows, n, precision) {
  if (name === 'dense') return denseSubject(build, rows, n)
  const { operators, regularShape } = build
  const spec = operators.get(name)
  const defaults = Object.fromEntries(Object.entries(spec.params).map(([key, { default: value }]) => [key, value]))
  const plan = spec.fast(regularShape(rows, n), { ...defaults, ...changed }, precision, { engine: 'fast', threads: 1 })
  if (!plan) throw new Error(`${name} has no kernel`)
  fill(
    plan,
    Array.from({ length: rows }, () => n),
    7,
    // With weights that are not 1, rows of some operators are the reference's.
    plan.labels !== undefined,
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

/** One process: ratios of one kernel, round by round. */
function ratios() {
  const [name, params, rows, n] = timed[Number(flags.case)]
  const rounds = Number(flags.rounds)
  const pair = builds.map((build) => subject(build, name, params, rows, n, flags.precision))
  // Until tiers of the compiler have settled, then some 200 microseconds a turn.
  for (let i = 0; i < 300; i++) for (const pass of pair) pass()
  const times = Math.max(1, Math.ceil(2e5 / Math.min(...pair.map((pass) => elapsed(pass, 3)))))
  const both = [[], []]
  for (let round = 0; round < rounds; round++) {
    for (const which of round % 2 ? [1, 0] : [0, 1]) both[which].push(elapsed(pair[which], times))
  }
  console.log(JSON.stringify(both))
}

function measured(at, precision, process_) {
  const args = ['ratios', before, after, '--case', String(at), '--precision', precision]
  const options = ['--rounds', flags.rounds ?? '200', '--first', String(process_ % 2)]
  const { stdout, stderr, status } = spawnSync(process.execPath, [process.argv[1], ...args, ...options], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

function time() {
  const slower = []
  for (const [at, [name, params, rows, n]] of timed.entries()) {
    if (!name.includes(flags.only ?? '')) continue
    for (const precision of name === 'dense' ? ['f64'] : ['f32', 'f64']) {
      const processes = Array.from({ length: Number(flags.processes ?? 5) }, (_, p) => measured(at, precision, p))
      const each = processes.map(([old, now]) => now.map((nanoseconds, round) => nanoseconds / old[round]))
      const [low, high] = interval(each)
      const label = `${name}${Object.keys(params).length ? JSON.stringify(params) : ''} ${rows}x${n} ${precision}`
      const [old, now] = [0, 1].map((which) => (median(processes.flatMap((both) => both[which])) / 1000).toFixed(2))
      const ratio = median(each.flat()).toFixed(3)
      const between = each.map((own) => median(own).toFixed(3)).join(' ')
      const times = `${old.padStart(9)} ${now.padStart(9)} us`
      console.log(
        `${label.padEnd(56)} ${times}  ratio ${ratio} [${low.toFixed(3)}, ${high.toFixed(3)}]  by process ${between}`,
      )
      if (high > 1.03) slower.push(label)
    }
  }
  console.log(slower.length ? `not within 3 % of before: ${slower.join('; ')}` : 'all within 3 % of before, or faster')
  process.exit(slower.length ? 1 : 0)
}

if (mode === 'equal') equal()
else if (mode === 'ratios') ratios()
else time()
