/** A published benchmark script carried out on our operator, or by whoever the cell is of: what it would print. */

import { type BenchmarkScript, inputsOf, type ScriptPass, scriptMetric } from '../../core/benchmark-script.ts'
import type { Cell } from '../../core/cell.ts'
import type { Bench } from '../../core/experiment.ts'
import type { Plan } from '../../core/method.ts'
import { randomStream } from '../../core/random.ts'
import type { Observation } from '../../core/result.ts'
import { longestRow, regularShape, rowCount } from '../../core/shape.ts'
import { type OperatorInputs, operatorInputs } from '../../probe/operator-inputs.ts'
import { trainingStep } from './script-training.ts'
import { scriptOf } from './scripts.ts'

/** What a script is carried out on. */
interface Ours {
  readonly plan: Plan
  readonly inputs: OperatorInputs
  readonly bench: Bench
}

type Means = Partial<Record<ScriptPass, number>>

/** A call of a pass on one input: that is copied into the plan, as a call of a function takes its argument. */
function callOf({ plan }: Ours, pass: ScriptPass, values: Float64Array): () => void {
  const forward = () => {
    plan.values.set(values)
    plan.forward()
  }
  if (pass === 'forward') return forward
  if (pass === 'backward') return () => plan.backward()
  return () => {
    forward()
    plan.backward()
  }
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length

/** The time of a call, of some in a row. */
const ofCalls = (bench: Bench, call: () => void, calls: number): number =>
  bench.elapsed(() => {
    for (let i = 0; i < calls; i++) call()
  }) / calls

type Script<Program extends BenchmarkScript['program']> = Extract<BenchmarkScript, { program: Program }>

function byCalls(ours: Ours, { passes, calls }: Script<'calls'>): Means {
  ours.plan.cotangent.fill(1)
  const [values] = ours.inputs.values
  return Object.fromEntries(passes.map((pass) => [pass, ofCalls(ours.bench, callOf(ours, pass, values), calls)]))
}

/** The last of some batches, each after some calls that do not count. */
function batch(bench: Bench, call: () => void, { batchMs, dropped, warmUp }: Script<'batches'>): number {
  const calls = Math.max(1, Math.floor((batchMs * 1e6) / bench.elapsed(call)))
  let last = 0
  for (let i = 0; i <= dropped; i++) {
    for (let k = 0; k < warmUp; k++) call()
    last = ofCalls(bench, call, calls)
  }
  return last
}

function byBatches(ours: Ours, script: Script<'batches'>): Means {
  ours.plan.cotangent.fill(1)
  const trials = ours.inputs.values.slice(0, inputsOf(script))
  const times = trials.map((values) =>
    script.passes.map((pass) => batch(ours.bench, callOf(ours, pass, values), script)),
  )
  return Object.fromEntries(script.passes.map((pass, at) => [pass, mean(times.map((each) => each[at]))]))
}

function byRuns(ours: Ours, script: Script<'runs'>): Means {
  ours.plan.cotangent.set(ours.inputs.cotangent(ours.plan.cotangent.length))
  const inputs = ours.inputs.values.slice(0, inputsOf(script))
  const times = inputs.map((values) => script.passes.map((pass) => ours.bench.elapsed(callOf(ours, pass, values))))
  return Object.fromEntries(script.passes.map((pass, at) => [pass, mean(times.map((each) => each[at]))]))
}

function byTraining({ plan, inputs, bench }: Ours, script: Script<'training'>): Means {
  const { step, correlation } = trainingStep(plan, inputs.shape, inputs.values[0], script)
  for (let i = 0; i < script.burnIn; i++) step()
  const whole = bench.elapsed(() => {
    for (let i = 0; i < script.steps; i++) step()
    correlation()
  })
  return { step: whole / script.steps }
}

/** What `calls` warms up with: one pass of a short row. */
function warmUp(cell: Cell, bench: Bench, items: number): void {
  const plan = operatorOf(cell, bench).plan(regularShape(1, items), cell.method.params, cell.precision)
  const random = randomStream(cell.seed, 'script/warm-up')
  plan.values.set(Float64Array.from(plan.values, () => random.normal()))
  plan.cotangent.fill(1)
  plan.forward()
  plan.backward()
  plan.dispose()
}

const operatorOf = (cell: Cell, bench: Bench) =>
  bench.operator(cell.method, { engine: 'fast', threads: Number(cell.experiment.params.threads) })

function meansOf(ours: Ours, script: BenchmarkScript): Means {
  switch (script.program) {
    case 'calls':
      return byCalls(ours, script)
    case 'batches':
      return byBatches(ours, script)
    case 'runs':
      return byRuns(ours, script)
    case 'training':
      return byTraining(ours, script)
  }
}

function timeOurs(cell: Cell, bench: Bench): Observation[] {
  const script = scriptOf(cell)
  if (script.program === 'calls') warmUp(cell, bench, script.warmUpItems)
  const inputs = operatorInputs(bench.dataset(cell.dataset), cell)
  if (rowCount(inputs.shape) * longestRow(inputs.shape) !== inputs.values[0].length)
    throw new Error('scripts take rows of one length')
  const plan = operatorOf(cell, bench).plan(inputs.shape, cell.method.params, cell.precision)
  const means = meansOf({ plan, inputs, bench }, script)
  plan.dispose()
  return script.passes.map((pass) => {
    const value = means[pass]!
    return { metric: scriptMetric(pass), unit: 'ns', better: 'lower', value, samples: [value] }
  })
}

export const publishedTimes = async (cell: Cell, bench: Bench): Promise<readonly Observation[]> =>
  bench.theirs ? bench.theirs.published(scriptOf(cell)) : timeOurs(cell, bench)
