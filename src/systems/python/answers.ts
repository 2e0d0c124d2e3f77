/** What the Python scripts answer, checked when it arrives. */

import { z } from 'zod'
import { broughtOperator } from './brought.ts'

const missing = z.strictObject({ library: z.string(), missing: z.string() })
const known = { library: z.string(), version: z.string() }

/** A metric of a library: a value a list, or their mean; or why the library cannot answer. */
export const metricAnswer = z.array(
  z.union([
    missing,
    z.strictObject({ ...known, metric: z.string(), of: z.string(), queries: z.array(z.number().nullable()) }),
    z.strictObject({ ...known, metric: z.string(), of: z.string(), mean: z.number() }),
  ]),
)
export type PeerMetricValue = z.infer<typeof metricAnswer>[number]

/** Seconds of each call of a loader; or why the library cannot answer. */
export const loaderAnswer = z.array(
  z.union([missing, z.strictObject({ ...known, call: z.string(), seconds: z.array(z.number()) })]),
)
export type LoaderTimes = z.infer<typeof loaderAnswer>[number]

/** What an adapter says of itself and of each question; or why it cannot be loaded. */
const adapterAnswer = z.union([
  z.object({
    path: z.string(),
    name: z.string(),
    versions: z.record(z.string(), z.string().nullable()),
    /** Why this interpreter does not do. */
    lacks: z.string().optional(),
    offers: z.array(z.union([z.literal(true), z.string()])),
    /** Operators of its own, by operator:method. */
    brings: z.record(z.string(), broughtOperator).default({}),
  }),
  z.object({ path: z.string(), error: z.string() }),
])
export const adapterAnswers = z.array(adapterAnswer)
export type AdapterAnswer = z.infer<typeof adapterAnswer>
/** What tools made of generated lists, as scripts/metrics-agreement.mjs keeps it. */
export const agreementAnswer = z.strictObject({
  /** Format of the file. */
  version: z.literal(1),
  seed: z.number().int(),
  command: z.string(),
  tools: z.array(
    z.union([
      z.strictObject({ preset: z.string(), tool: z.string() }),
      z.strictObject({ preset: z.string(), missing: z.string() }),
    ]),
  ),
  /** One value a list by the name of the cell; null where the tool has none. */
  values: z.record(z.string(), z.array(z.number().nullable())),
})
export type AgreementAnswers = z.infer<typeof agreementAnswer>
