/** The adapters that ship: a file each, and the group of packages that it needs. */

import { fileURLToPath } from 'node:url'
import type { PeerGroup } from './install/groups.ts'

interface ShippedPage {
  readonly file: string
  readonly group: PeerGroup
}

/** By name, in the order in which they are taken. */
const files: readonly (readonly [string, string, PeerGroup])[] = [
  ['torchsort', 'torchsort.py', 'torch'],
  ['torch', 'plain_torch.py', 'torch'],
  ['torch.compile', 'torch_compile.py', 'torch'],
  ['torchpsort', 'torchpsort.py', 'torch'],
  ['softtorch', 'softtorch.py', 'torch'],
  ['diffsort', 'diffsort.py', 'torch'],
  ['difftopk', 'difftopk.py', 'torch'],
  ['entmax', 'entmax.py', 'torch'],
  ['lapsum', 'lapsum.py', 'torch'],
  ['allrank', 'allrank.py', 'torch'],
  ['pytorchltr', 'pytorchltr.py', 'torch'],
  ['rax', 'rax.py', 'jax'],
  ['softjax', 'softjax.py', 'jax'],
  ['ott-jax', 'ott.py', 'jax'],
  ['optax', 'optax.py', 'jax'],
  ['jaxopt', 'jaxopt.py', 'jax'],
  ['keras-rs', 'keras_rs.py', 'jax'],
  ['tensorflow-ranking', 'tensorflow_ranking.py', 'tfr'],
  ['np.argsort', 'numpy_argsort.py', 'torch'],
  ['np.argsort-avx2', 'numpy_argsort_avx2.py', 'torch'],
  ['np.sort', 'numpy_sort.py', 'torch'],
  ['torch.sort', 'torch_sort.py', 'torch'],
]

export const shippedPages: ReadonlyMap<string, ShippedPage> = new Map(
  files.map(([name, file, group]) => [
    name,
    { file: fileURLToPath(new URL(`./adapters/${file}`, import.meta.url)), group },
  ]),
)

/** Who stands beside ours where nobody is named: the first of them that has the operator. */
export const usualPeers: readonly string[] = files.slice(0, 2).map(([name]) => name)

export const pagesOf = (group: PeerGroup): readonly string[] =>
  [...shippedPages].flatMap(([name, page]) => (page.group === group ? [name] : []))
