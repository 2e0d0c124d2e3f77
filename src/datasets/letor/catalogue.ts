/** The LETOR data sets we know: what their publisher ships, how to obtain it, and what a right copy holds. Plain data. */

export interface PartEntry {
  readonly name: string
  readonly queries: number
  readonly documents: number
  /** Documents with label 0, 1, 2, ... */
  readonly labels: readonly number[]
  /** SHA-256 of the unpacked text with LF line ends. */
  readonly sha256: string
}

export interface CatalogueEntry {
  readonly name: string
  readonly title: string
  readonly folder: string
  readonly width: number
  /** The feature that is BM25 of the whole document (of title and abstract in OHSUMED), counted from 1. */
  readonly bm25: number
  /** Convention of its official script. */
  readonly script: 'letor3' | 'letor4'
  readonly licence: string
  readonly citation: string
  readonly home: string
  readonly obtain: string
  readonly parts: readonly PartEntry[]
}

const home = 'https://www.microsoft.com/en-us/research/project/letor-learning-rank-information-retrieval/'
const licence = 'Microsoft Research agreement: research use, no redistribution'

export const catalogue: readonly CatalogueEntry[] = [
  {
    name: 'letor:mq2008',
    title: 'LETOR 4.0 MQ2008, supervised, QueryLevelNorm: 784 queries, 15,211 documents, 46 features, labels 0-2',
    folder: 'mq2008',
    width: 46,
    bm25: 25,
    script: 'letor4',
    licence,
    citation: 'T. Qin, T.-Y. Liu: Introducing LETOR 4.0 Datasets. arXiv:1306.2597, 2013',
    home,
    obtain: 'MQ2008.rar of LETOR 4.0; the folder MQ2008 with Fold1..Fold5 (or S1..S5)',
    parts: [
      {
        name: 'S1',
        queries: 157,
        documents: 2933,
        labels: [2316, 427, 190],
        sha256: 'cbd42504549a2388f6c0aefdb506f22074225b574c7a5df10194174c9b00e4e0',
      },
      {
        name: 'S2',
        queries: 157,
        documents: 3635,
        labels: [3080, 385, 170],
        sha256: '055ac792cb8f7d5a029090b8acbfb6c57323339d1371251bf2465ac182aa8605',
      },
      {
        name: 'S3',
        queries: 157,
        documents: 3062,
        labels: [2424, 411, 227],
        sha256: 'a03fe2b6e76479de60fecdb37d560a40a4e899b0cd685553d2da31ea205af1ab',
      },
      {
        name: 'S4',
        queries: 157,
        documents: 2707,
        labels: [2140, 400, 167],
        sha256: 'a239850bc6fe960ad08c2b7b0d99db90fe976dd93a15358e98036591b4e7a2ac',
      },
      {
        name: 'S5',
        queries: 156,
        documents: 2874,
        labels: [2319, 378, 177],
        sha256: 'c68c52feb1ecae7f17b64c8e2fda2098302681bbd4ea5fad8c73a1d32a1cf2b2',
      },
    ],
  },
  {
    name: 'letor:ohsumed',
    title: 'LETOR 3.0 OHSUMED, QueryLevelNorm: 106 queries, 16,140 documents, 45 features, labels 0-2',
    folder: 'ohsumed',
    width: 45,
    bm25: 41,
    script: 'letor3',
    licence,
    citation:
      'T. Qin, T.-Y. Liu, J. Xu, H. Li: LETOR: A benchmark collection for research on learning to rank for information retrieval. Information Retrieval 13(4), 2010',
    home,
    obtain: 'OHSUMED.rar of LETOR 3.0; the folder OHSUMED/QueryLevelNorm with Fold1..Fold5 (or S1..S5)',
    parts: [
      {
        name: 'S1',
        queries: 21,
        documents: 2570,
        labels: [1751, 451, 368],
        sha256: '77db6790a7023ed6d9bd2b9b2fa8528e1d82aa7e896863d3ed844f635870fbe2',
      },
      {
        name: 'S2',
        queries: 21,
        documents: 3076,
        labels: [2162, 501, 413],
        sha256: '935539d33380570cdee765e38f8c2796cb4c04d01a50e50374e8bc7d45872571',
      },
      {
        name: 'S3',
        queries: 21,
        documents: 3573,
        labels: [2139, 813, 621],
        sha256: '1d1ff784d9fdc4cd491a0d70fdd4dfb1adada943a0eb2e3954d74187158160da',
      },
      {
        name: 'S4',
        queries: 21,
        documents: 3538,
        labels: [2457, 546, 535],
        sha256: '49975c7319672e4fba82d00c69911b8514752bb2610077a5f432d7efc2fa5fc0',
      },
      {
        name: 'S5',
        queries: 22,
        documents: 3383,
        labels: [2794, 274, 315],
        sha256: '526f9158b85fb9b6446f9c87e1ccc428f7e54d639800e108c091cb70706a88e6',
      },
    ],
  },
]

/** Parts (0-based) of each fold: the official rotation. */
export const rotation = [
  { name: 'fold1', train: [0, 1, 2], validation: [3], test: [4] },
  { name: 'fold2', train: [1, 2, 3], validation: [4], test: [0] },
  { name: 'fold3', train: [2, 3, 4], validation: [0], test: [1] },
  { name: 'fold4', train: [3, 4, 0], validation: [1], test: [2] },
  { name: 'fold5', train: [4, 0, 1], validation: [2], test: [3] },
] as const
