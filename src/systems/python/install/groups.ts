/** Environments of peers: packages that cannot live with each other, or want another Python, are groups of their own. */

/** How pip is asked. */
type PipMode =
  | 'packages'
  /** PyTorch from the index of its CPU builds. */
  | 'torch'
  /** Without what it says it needs: its bounds are older than what it runs with. */
  | 'alone'
  /** Compiled here, with no CUDA compiler in sight. */
  | 'compiled'

interface PipStep {
  readonly title: string
  readonly mode: PipMode
  readonly requirements: readonly string[]
  readonly advice: string
}

interface GroupFacts {
  readonly what: string
  /** First and last Python that its packages take. */
  readonly python: { readonly first: string; readonly last?: string }
  /** Whether PyTorch is in it, which later steps must not replace. */
  readonly torch?: string
  readonly steps: readonly PipStep[]
}

const torch = '2.13.0'

const from312 = (requirement: string): string => `${requirement} ; python_version >= "3.12"`
const before312 = (requirement: string): string => `${requirement} ; python_version < "3.12"`

const indexAdvice =
  'PyTorch lists CPU builds in an index of its own: a mirror of it with --torch-index <url>; any build, some of which bring 5 GB of CUDA, with --torch-index any; or name an interpreter that has the packages: RANK_BENCH_PYTHON=<interpreter>'
const packageAdvice = 'behind a mirror: --index-url <url>; or another Python: --python <interpreter>'
const compilerAdvice =
  'torchsort is compiled: it needs a C++ compiler and the Python headers (Debian and Ubuntu: apt-get install g++ python3-dev)'

const torchStep: PipStep = {
  title: `install torch ${torch} and build tools`,
  mode: 'torch',
  // Not pinned: any numpy that PyTorch accepts. pybind11 headers come with PyTorch.
  requirements: ['numpy', 'setuptools==84.2.1', 'wheel', 'ninja'],
  advice: indexAdvice,
}

const packages = (title: string, ...requirements: string[]): PipStep => ({
  title,
  mode: 'packages',
  requirements,
  advice: packageAdvice,
})

/** Versions that were seen to work with each other. */
const groups = {
  torch: {
    what: 'soft sorts, ranks, networks, top-k and ranking losses in PyTorch',
    python: { first: '3.10' },
    torch,
    steps: [
      torchStep,
      {
        title: 'build torchsort 0.1.10',
        mode: 'compiled',
        requirements: ['torchsort==0.1.10'],
        advice: compilerAdvice,
      },
      packages(
        'install diffsort, difftopk, entmax and pytorchltr; from Python 3.12 on torchpsort and softtorch',
        'diffsort==0.2.0',
        'difftopk==0.2.0',
        'entmax==1.3',
        'pytorchltr2==0.2.3',
        from312('torchpsort==0.1.8'),
        from312('softtorch==0.1.1'),
      ),
      { title: 'install allRank 1.4.3', mode: 'alone', requirements: ['allRank==1.4.3'], advice: packageAdvice },
    ],
  },
  jax: {
    what: 'soft sorts, transport and ranking losses in JAX',
    python: { first: '3.11' },
    steps: [
      packages(
        'install jax, rax, ott-jax, optax, jaxopt and keras-rs; from Python 3.12 on softjax',
        'numpy',
        before312('jax==0.10.2'),
        from312('jax==0.12.0.1'),
        'rax==0.4.0',
        'ott-jax==0.6.0',
        'optax==0.2.8',
        'jaxopt==0.8.5',
        'keras==3.15.1',
        'keras-rs==0.4.0',
        from312('softjax==0.1.1'),
      ),
    ],
  },
  tfr: {
    what: 'ranking losses of TensorFlow Ranking',
    python: { first: '3.10', last: '3.11' },
    steps: [packages('install tensorflow-ranking 0.5.5', 'tensorflow==2.15.1', 'tensorflow-ranking==0.5.5')],
  },
  metrics: {
    what: 'metrics of other libraries, for evaluate --peers',
    python: { first: '3.10' },
    torch,
    steps: [
      torchStep,
      packages(
        'install metric libraries',
        'pytrec_eval-terrier==0.5.11',
        'ranx==0.3.21',
        'ir_measures==0.4.3',
        'scikit-learn',
        'torchmetrics==1.9.0',
        'lightgbm==4.7.0',
        'xgboost==3.2.0',
      ),
      packages('install catboost 1.2.10', 'catboost==1.2.10'),
    ],
  },
} as const satisfies Record<string, GroupFacts>

export type PeerGroup = keyof typeof groups

export const groupNames = Object.keys(groups) as readonly PeerGroup[]

export const factsOfGroup = (group: PeerGroup): GroupFacts => groups[group]

const numbersOf = (version: string): readonly number[] => version.split('.').slice(0, 2).map(Number)

const before = (a: string, b: string): boolean => {
  const [[major, minor], [otherMajor, otherMinor]] = [numbersOf(a), numbersOf(b)]
  return major < otherMajor || (major === otherMajor && minor < otherMinor)
}

/** `Python 3.10 to 3.11 wanted, found 3.12`, or nothing where a version does. */
export function pythonLacks(group: PeerGroup, version: string): string | undefined {
  const { first, last } = factsOfGroup(group).python
  if (!before(version, first) && (last === undefined || !before(last, version))) return undefined
  const found = version.split('.').slice(0, 2).join('.')
  return `Python ${last === undefined ? `${first} or later` : `${first} to ${last}`} wanted, found ${found}`
}
