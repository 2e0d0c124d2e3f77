/** Claims of papers, found and judged in a run. */

import type { Claim } from '../config/claims.ts'
import { loadClaims } from '../config/claims.ts'
import { loadPaper } from '../config/load.ts'
import type { ClaimRule, PaperConfig } from '../config/schema.ts'
import type { ParamSpace } from '../core/params.ts'
import { type Catalogue, formatRef, type Ref, resolveOne } from '../core/selector.ts'
import { judgeClaim } from '../judge/claims.ts'
import { datasets, experiments, operators } from '../registry.ts'
import type { ClaimRow } from '../report/claims-table.ts'
import { foldMeans } from '../report/fold-means.ts'
import type { Entry, RunData } from '../report/run-data.ts'

const spacesOf = (entries: ReadonlyMap<string, { readonly params: ParamSpace }>): Catalogue =>
  new Map([...entries].map(([name, entry]) => [name, entry.params]))

interface Target {
  readonly experiment: Ref
  readonly method: Ref
  readonly dataset: Ref
  readonly metric: string
}

const ruleFor = (claim: Claim, rules: readonly ClaimRule[]): ClaimRule | undefined =>
  rules.find((rule) => Object.entries(rule.when).every(([column, value]) => claim[column as keyof Claim] === value))

function targetOf(claim: Claim, rule: ClaimRule): Target {
  return {
    experiment: resolveOne(rule.experiment, spacesOf(experiments), 'experiment'),
    method: resolveOne(rule.method, spacesOf(operators), 'method'),
    dataset: resolveOne(rule.dataset, spacesOf(datasets), 'dataset'),
    metric: rule.metric.replaceAll('{at}', claim.at),
  }
}

const cellsOf = (run: RunData, target: Target, implementation: string): Entry[] =>
  run.entries.filter(
    ({ cell }) =>
      cell.implementation === implementation &&
      formatRef(cell.experiment) === formatRef(target.experiment) &&
      formatRef(cell.method) === formatRef(target.method) &&
      formatRef(cell.dataset) === formatRef(target.dataset),
  )

/** A score has a good side; a printed example is right or wrong. */
const betterOf = (target: Target): 'higher' | 'neither' => (target.experiment.name === 'letor' ? 'higher' : 'neither')

export interface JudgedPaper {
  readonly key: string
  readonly config: PaperConfig
  readonly rows: readonly ClaimRow[]
}

export function judgePaper(key: string, run: RunData): JudgedPaper {
  const { config, claimsPath } = loadPaper(key)
  const rows = loadClaims(claimsPath, key).flatMap((claim): ClaimRow[] => {
    const rule = ruleFor(claim, config.rules)
    if (!rule) return []
    const target = targetOf(claim, rule)
    const cells = cellsOf(run, target, rule.implementation ?? 'rank-bench')
    const folds = foldMeans(cells, target.metric).map((value) => value * (rule.scale ?? 1))
    return [
      {
        claim,
        ref: {
          experiment: formatRef(target.experiment),
          method: rule.method,
          dataset: target.dataset.name,
          metric: target.metric,
        },
        foldMeans: folds,
        judgement: judgeClaim(claim, folds, config.tolerance, betterOf(target)),
        command: `rank-bench reproduce --paper ${key} --claim '${claim.id}'`,
      },
    ]
  })
  return { key, config, rows }
}
