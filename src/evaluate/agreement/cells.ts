/** What is asked of each tool: every metric it has, at cutoffs below, at and beyond the lists. */

import { type Metric, parseMetric } from '../../metrics/metric.ts'
import { needsNoConvention } from '../../metrics/names.ts'
import { presets } from '../../metrics/presets.ts'

export interface AgreementCell {
  /** Name of the metric here. */
  readonly name: string
  readonly preset: string
  readonly metric: Metric
  /** Name of the metric there. */
  readonly call: string
}

const cutoffs = [1, 2, 3, 5, 10, 20, 200]

/** Not the convention of a tool. */
const toolless = new Set(['letor3-padded'])

const callAt = (call: string, cutoff: number | undefined): string =>
  cutoff === undefined
    ? call
        .split(', ')[0]
        .replace(/\(?\w+=\[?\{k\}\]?\)?/, '()')
        .replace(':()', '')
    : call.split(', ').at(-1)!.replace('{k}', String(cutoff))

const rankAgreement: Readonly<Record<string, string>> = {
  spearman: 'scipy.stats.spearmanr',
  kendall: 'scipy.stats.kendalltau (tau-b, the same without ties)',
  'pairwise-accuracy': 'sklearn.metrics.roc_auc_score',
}

export function agreementCells(): AgreementCell[] {
  const named = [...presets].flatMap(([preset, { measures }]) =>
    toolless.has(preset)
      ? []
      : Object.entries(measures).flatMap(([metric, { call, cutoff }]) => {
          const at = [...(cutoff === 'always' ? [] : [undefined]), ...(cutoff === 'never' ? [] : cutoffs)]
          return at.map((k): AgreementCell => {
            const name = `${metric}${k === undefined ? '' : `@${k}`}:${preset}`
            return { name, preset, metric: parseMetric(name), call: callAt(call, k) }
          })
        }),
  )
  const plain = [...needsNoConvention].map(
    (name): AgreementCell => ({ name, preset: 'scipy', metric: parseMetric(name), call: rankAgreement[name] }),
  )
  return [...named, ...plain]
}
