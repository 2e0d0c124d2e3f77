/** rank-bench apply: one operator on numbers given. */

import { type Command, Option } from 'commander'
import { applyOperator, type Numbers } from '../../api/apply.ts'
import { usageError } from '../../core/errors.ts'
import type { Engine } from '../../core/method.ts'
import { resolveMethod } from '../../core/method-ref.ts'
import { factsOf } from '../../core/operators.ts'
import { formatRef, parseSelector, type Ref } from '../../core/selector.ts'
import type { Precision } from '../../core/shape.ts'
import { readJsonInput } from '../../evaluate/read-input.ts'
import type { Mask } from '../../methods/kit/masking.ts'
import type { Values } from '../../methods/kit/nesting.ts'
import { operatorParams } from '../../methods/registry.ts'
import { loadPlugins } from '../../registry.ts'
import { engineOption, threadsOption } from '../engine-option.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { print, tell } from '../output.ts'
import { pluginOption } from '../plugin-option.ts'

interface ApplyFlags {
  values: string
  labels?: string
  cotangent?: string
  weights?: string
  listWeights?: string
  mask?: string
  hessian?: boolean
  tangent?: string
  plugin?: string[]
  precision: Precision
  direction?: 'ascending' | 'descending'
  engine?: Engine
  threads: number
  json?: boolean
}

/** `--direction` is the selector's parameter by another name; given twice it must agree. */
function withDirection(selector: string, direction: string | undefined): string {
  if (direction === undefined) return selector
  const given = parseSelector(selector).grid.direction
  if (given && given[0] !== direction) throw usageError(`--direction ${direction} contradicts "${selector}"`)
  if (given) return selector
  return selector.endsWith(']')
    ? `${selector.slice(0, -1)},direction=${direction}]`
    : `${selector}[direction=${direction}]`
}

/** A loss has one natural cotangent: 1 for the loss, or for each row's loss. */
function lossCotangent(ref: Ref, values: unknown): number | number[] {
  const rows = Array.isArray(values) && values.some(Array.isArray) ? values.length : undefined
  return ref.params.reduction === 'none' && rows !== undefined ? new Array(rows).fill(1) : 1
}

interface AppliedOutput {
  readonly selector: string
  /** Who computed: `fast` are the kernels in WebAssembly. */
  readonly engine: Engine
  readonly output: unknown
  readonly gradient?: unknown
  readonly hessian?: unknown
  readonly tangent?: unknown
  readonly diagnostics?: unknown
  readonly warnings: readonly string[]
}

function applyFlags(selector: string, flags: ApplyFlags): AppliedOutput {
  const ref = resolveMethod(withDirection(selector, flags.direction), operatorParams)
  const optional = (argument: string | undefined, flag: string) =>
    argument === undefined ? undefined : readJsonInput(argument, flag)
  const values = readJsonInput(flags.values, '--values') as Values
  const labels = optional(flags.labels, '--labels') as Values | undefined
  const weights = optional(flags.weights, '--weights') as Values | undefined
  const listWeights = optional(flags.listWeights, '--list-weights') as number[] | undefined
  const mask = optional(flags.mask, '--mask') as Mask | undefined
  const direction = optional(flags.tangent, '--tangent') as Values | undefined
  const given = optional(flags.cotangent, '--cotangent') as Numbers | undefined
  const cotangent = given ?? (factsOf(ref.operator).labels ? lossCotangent(ref, values) : undefined)
  const warnings: string[] = []
  let by: Engine = 'reference'
  const { output, gradient, tangent, diagnostics, hessian } = applyOperator(ref, values, {
    onWarning: ({ message, suggestion }) => void warnings.push(`${message}; ${suggestion}`),
    onEngine: (found) => {
      by = found
    },
    precision: flags.precision,
    engine: flags.engine,
    threads: flags.threads,
    labels,
    weights,
    listWeights,
    mask,
    tangent: direction,
    hessian: flags.hessian ? 'diagonal' : undefined,
    cotangent,
  })
  return {
    selector: formatRef(ref),
    engine: by,
    output,
    ...(gradient === undefined ? {} : { gradient }),
    ...(hessian === undefined ? {} : { hessian }),
    ...(tangent === undefined ? {} : { tangent }),
    ...(diagnostics === undefined ? {} : { diagnostics }),
    warnings,
  }
}

function printReadable(applied: AppliedOutput): void {
  print(applied.selector)
  print(`engine    ${applied.engine}`)
  for (const warning of applied.warnings) tell(`warning: ${warning}`)
  print(`output    ${JSON.stringify(applied.output)}`)
  if (applied.tangent !== undefined) print(`tangent   ${JSON.stringify(applied.tangent)}`)
  if (applied.diagnostics !== undefined) print(`facts     ${JSON.stringify(applied.diagnostics)}`)
  if (applied.gradient !== undefined) print(`gradient  ${JSON.stringify(applied.gradient)}`)
  if (applied.hessian !== undefined) print(`hessian   ${JSON.stringify(applied.hessian)}`)
}

export function addApply(program: Command, finish: Finish): void {
  program
    .command('apply')
    .description('one operator on numbers given')
    .argument('<selector>', "e.g. 'rank:permutahedron[strength=1]' or loss:listnet")
    .requiredOption('--values <json|@file|->', 'one row, or rows of any lengths')
    .option('--labels <json|@file|->', 'labels, shaped as the values; for losses')
    .option('--cotangent <json|@file|->', 'shaped as the output; asks for the gradient')
    .addOption(new Option('--precision <p>', 'arithmetic of inputs and outputs').choices(['f32', 'f64']).default('f64'))
    .addOption(new Option('--direction <d>', 'same as the parameter of that name').choices(['ascending', 'descending']))
    .addOption(engineOption())
    .addOption(threadsOption())
    .option('--tangent <json|@file|->', 'direction in the values; asks for the derivative along it (forward mode)')
    .option('--mask <json|@file|->', 'true or false, shaped as the values; absent items take no part')
    .option(
      '--weights <json|@file|->',
      'item weights, shaped as the values; all losses take them, and rank and sort of permutahedron and sinkhorn',
    )
    .option('--list-weights <json|@file|->', 'one number a row: what the loss of each list counts')
    .option('--hessian', 'asks for the diagonal of the Hessian; for losses that have it by formula')
    .addOption(pluginOption())
    .option('--json', 'one JSON object: selector, engine, output, gradient, warnings')
    .addHelpText(
      'after',
      examples(
        "rank-bench apply 'rank:permutahedron[strength=1]' --values '[5,1,2]' --cotangent '[1,0,0]' --json",
        "rank-bench apply loss:softmax --values '[1,2,3]' --labels '[1,0,1]' --mask '[true,true,false]' --weights '[2,1,1]'",
      ),
    )
    .action(async (selector: string, flags: ApplyFlags) => {
      await loadPlugins(flags.plugin ?? [])
      const applied = applyFlags(selector, flags)
      if (flags.json) print(JSON.stringify(applied))
      else printReadable(applied)
      finish(exitCode.good)
    })
}
