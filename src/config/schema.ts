/** The shape of a run config, in one place: decoding, error messages and the published JSON Schema come from it. */

import { z } from 'zod'

const selectors = z.array(z.string().min(1)).min(1)

const suiteSchema = z.strictObject({
  experiment: z.string().describe('selector of an experiment, e.g. latency or letor[scorer=mlp]'),
  methods: selectors
    .optional()
    .describe('selectors of operators, e.g. rank:* or loss:listnet; experiments that bring their own need none'),
  datasets: selectors.describe('selectors of data sets, e.g. sorting[n=100|1000] or letor:mq2008'),
  precisions: z
    .array(z.enum(['f32', 'f64']))
    .min(1)
    .optional()
    .describe('default f64'),
  seeds: z.array(z.int().min(0)).min(1).optional().describe('default: the seed of the run'),
  folds: z.array(z.string()).min(1).optional().describe('restricts a ranking data set to these folds'),
})

const configSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z
    .string()
    .regex(/^[\w.-]+$/)
    .describe('names the run directory'),
  description: z.string().optional(),
  profile: z
    .enum(['quick', 'brief', 'standard', 'thorough'])
    .optional()
    .describe('rounds and samples of timed cells; default standard'),
  seed: z.int().min(0).optional().describe('default 1'),
  everyQuery: z
    .boolean()
    .optional()
    .describe('keep the value of every query under every metric, not only under those that an experiment asks for'),
  plugins: z.array(z.string().min(1)).optional().describe('modules to load first, relative to this file'),
  suites: z.array(suiteSchema).min(1),
  papers: z
    .array(z.string())
    .optional()
    .describe('keys of configs/papers/*.json whose claims are judged against this run'),
})

export type RunConfig = z.infer<typeof configSchema>
export type Suite = z.infer<typeof suiteSchema>

/** How a published number is found in a run. `{at}` in a metric is replaced by the row's `at` column. */
const claimRule = z.strictObject({
  when: z.record(z.string(), z.string()).describe('columns of the claim row that must have these values'),
  experiment: z.string().describe('selector of the experiment with its parameters'),
  method: z.string().describe('selector of the operator, or ranker:<name> of the baseline experiment'),
  split: z.string().optional().describe('the fold whose number this is; default the mean over folds'),
  dataset: z.string().describe('selector of the data set'),
  metric: z.string().describe('metric of the observation, {at} filled in'),
  implementation: z.string().optional().describe('whose measurement; default rank-bench'),
  scale: z.number().positive().optional().describe('factor that brings our unit to the published one; default 1'),
})

/** A published number for which there is nothing of ours: it stands beside the others as a reference. */
const referenceRule = z.strictObject({
  when: z.record(z.string(), z.string()).describe('columns of the claim row that must have these values'),
  dataset: z.string().describe('selector of the data set'),
  metric: z.string().describe('metric of the column it stands in, {at} filled in'),
})

const tolerance = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('fold-deviations'),
    factor: z.number().positive(),
    because: z.string(),
  }),
  z.strictObject({
    kind: z.literal('fold-standard-errors'),
    factor: z.number().positive(),
    because: z.string(),
  }),
  z.strictObject({ kind: z.literal('absolute'), value: z.number().positive(), because: z.string() }),
])

const paperSchema = z.strictObject({
  $schema: z.string().optional(),
  title: z.string(),
  citation: z.string(),
  claims: z.string().describe('CSV file beside this one, columns as in its header'),
  rules: z.array(claimRule).min(1),
  references: z.array(referenceRule).optional(),
  tolerance,
  suites: z.array(suiteSchema).min(1).describe('the run that re-derives the numbers'),
})

export type PaperConfig = z.infer<typeof paperSchema>
export type ClaimRule = z.infer<typeof claimRule>
export type ReferenceRule = z.infer<typeof referenceRule>
export type Tolerance = z.infer<typeof tolerance>

/** JSON Schema of a run config, for editors; written to configs/schema.json by the build. */
export const configJsonSchema = (): object => z.toJSONSchema(configSchema)

/** The decoded value, or its problems as `path: what is wrong`. */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] }

function decode<T>(schema: z.ZodType<T>, value: unknown): Decoded<T> {
  const result = schema.safeParse(value)
  if (result.success) return { ok: true, value: result.data }
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || '(top level)'}: ${issue.message}`)
  return { ok: false, problems }
}

export const decodeConfig = (value: unknown): Decoded<RunConfig> => decode(configSchema, value)
export const decodePaper = (value: unknown): Decoded<PaperConfig> => decode(paperSchema, value)
