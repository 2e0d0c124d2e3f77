/** Names of ranking files: what is left of them without packing and ending. */

const packing = /\.(gz|bz2|xz|zst)$/i
const ending = /\.(txt|dat|svm|libsvm|svmlight)$/i

/** rank.train.gz -> rank.train */
export const unpackedName = (name: string): string => name.replace(packing, '')

/** S1.txt.gz -> S1 */
export const bare = (name: string): string => unpackedName(name).replace(ending, '')

/** Plain before packed: where both are there, it is the one a person can have edited. */
export const plainFirst = (a: string, b: string): number =>
  Number(packing.test(a)) - Number(packing.test(b)) || (a < b ? -1 : a > b ? 1 : 0)
