/** The shape of a run config, in one place: decoding, error messages and the published JSON Schema come from it. */

import { z } from 'zod'

const distinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length

const selectors = z.array(z.string().trim().min(1)).min(1)

const suiteSchema = z.strictObject({
  experiment: z.string().trim().min(1).describe('selector of an experiment, e.g. latency or letor[scorer=mlp]'),
  methods: selectors
    .optional()
    .describe('selectors of operators, e.g. rank:* or loss:listnet; experiments that bring their own need none'),
  datasets: selectors.describe('selectors of data sets, e.g. sorting[n=100|1000] or letor:mq2008'),
  precisions: z
    .array(z.enum(['f32', 'f64']))
    .min(1)
    .refine(distinct, 'expected each precision once')
    .optional()
    .describe('default f64'),
  seeds: z
    .array(z.int().min(0))
    .min(1)
    .refine(distinct, 'expected each seed once')
    .optional()
    .describe('default: the seed of the run'),
  folds: z
    .array(z.string())
    .min(1)
    .refine(distinct, 'expected each fold once')
    .optional()
    .describe('restricts a ranking data set to these folds'),
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
    .union([z.boolean(), z.array(z.string().min(1))])
    .optional()
    .describe(
      'keep the value of every query under every metric, or under these, not only under those that an experiment asks for',
    ),
  plugins: z.array(z.string().min(1)).optional().describe('modules to load first, relative to this file'),
  suites: z.array(suiteSchema).min(1),
  papers: z
    .array(z.string().min(1))
    .refine(distinct, 'expected each paper once')
    .optional()
    .describe('keys of configs/papers/*.json whose claims are judged against this run'),
})

export type RunConfig = z.infer<typeof configSchema>
export type Suite = z.infer<typeof suiteSchema>

/** Cells of a run. */
const target = {
  experiment: z.string().describe('selector of the experiment with its parameters'),
  method: z.string().describe('selector of the operator, or the name that an experiment gives a ranker of its own'),
  dataset: z.string().describe('selector of the data set'),
}

/** Numbers of one method on one data set, and what of ours they are compared with. */
const family = z.strictObject({
  when: z.record(z.string(), z.string()).describe('columns of the claim row that must have these values'),
  called: z
    .string()
    .optional()
    .describe("what the numbers are called where the method's name does not tell families apart"),
  metrics: z
    .record(z.string(), z.string())
    .describe("the metric of ours for each text in the row's metric column; {at} is filled in from its at column"),
  ours: z
    .strictObject({
      ...target,
      system: z.string().optional(),
    })
    .optional()
    .describe('without it the numbers stand as a reference'),
  dataset: z.string().optional().describe('of a reference: the data set under whose tables it stands'),
  exact: z
    .strictObject({ within: z.number().positive().optional(), because: z.string() })
    .optional()
    .describe('the numbers must come out to the printed digits, or within this'),
  published: z.strictObject(target).optional().describe("cells that hold the publisher's own ranking, query by query"),
  setAside: z
    .record(z.string(), z.string())
    .optional()
    .describe('folds whose published scores are not those that were printed, and why'),
  deterministic: z.boolean().optional().describe('our side is not trained from a random start: a mean has no noise'),
  valid: z.literal(false).optional().describe('the source does not hold what it says: not counted'),
  because: z.string().optional().describe('why it is not valid'),
  differences: z.array(z.string()).optional().describe("where the paper's set-up is another than ours"),
})

const paperSchema = z.strictObject({
  $schema: z.string().optional(),
  title: z.string(),
  citation: z.string(),
  claims: z
    .union([z.string(), z.array(z.string()).min(1)])
    .describe('CSV files beside this one, columns as in their header'),
  primary: z
    .strictObject({ metric: z.string(), at: z.string().optional() })
    .optional()
    .describe("the metric that carries a family's verdict; default the first that the family has"),
  margin: z
    .strictObject({ share: z.number().positive(), because: z.string() })
    .optional()
    .describe('share of a published value within which ours counts as the same; default 0.02'),
  constant: z
    .record(z.string(), z.number())
    .optional()
    .describe('by fold, the part of every value that no ranking can change: queries that count 1 whatever the order'),
  splits: z
    .record(z.string(), z.string())
    .optional()
    .describe("texts of the split column that are a cell's split; `Fold1 ...` is fold1, all else the mean over folds"),
  protocols: z
    .record(z.string().regex(/^[\w-]+$/), z.record(z.string(), z.string()))
    .optional()
    .describe(
      'ways to run it, the first being the one that is taken where none is named: what stands for {name} in selectors of experiments',
    ),
  cut: z
    .strictObject({ param: z.string(), epoch: z.number().positive(), of: z.number().positive() })
    .optional()
    .describe(
      'the parameter that says how long is trained, how much of it is an epoch, and how much was published: where a run has less, falling short of a number says nothing',
    ),
  families: z.array(family).min(1),
  suites: z.array(suiteSchema).min(1).describe('the run that re-derives the numbers'),
})

export type PaperConfig = z.infer<typeof paperSchema>
export type FamilyConfig = z.infer<typeof family>

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
