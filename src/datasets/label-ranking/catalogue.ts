/** The 21 label-ranking sets of Cheng and Huellermeier, as their publishers ship them. Plain data. */

import type { FileEntry, FilesEntry } from '../published/entry.ts'

/** Name, rows, features, labels, SHA-256 of the text with LF line ends. */
const sets: readonly (readonly [name: string, rows: number, features: number, labels: number, sha256: string])[] = [
  ['authorship', 841, 70, 4, '4d9da152459ccf5d31373c02eaedc60880724e765fb4f1077398dcc8984ee32d'],
  ['bodyfat', 252, 7, 7, '23641ba5f71ee806041fa5bb1bb0919af843e006ff063b3029a37d99b8447066'],
  ['calhousing', 20640, 4, 4, '5303b183418b57d63391d24c89f55d04b837f91efcb8d34932b7db7921cf643c'],
  ['cold', 2465, 24, 4, '4e774e86a84cd79616785dd49428b78683126f55de34170e3045ebd400b2449b'],
  ['cpu', 8192, 6, 5, '572b4af5f853d710af79fce2bd0fb88dc4c285ad32e7cedd05fb03e181e4726e'],
  ['diau', 2465, 24, 7, '0cfae12a405fd2ef4c90770847bc66c27be75a128a644d08ca6d23c1a5bfd84e'],
  ['dtt', 2465, 24, 4, '17afc7034bc6e2c641e9d4f4aa3423a576f0053addad26871ad3eefd49e5832b'],
  ['elevators', 16599, 9, 9, 'a8e36f944cb6b4e2312fc51044f83331d23ba04072950b12e73fc1028999b619'],
  ['fried', 40768, 9, 5, 'df64e15e57d8806baf302ff23facaabb7a8669dd2ba2d103d186c0582d273e4a'],
  ['glass', 214, 9, 6, 'f6aaa2ca22b492066b9a4a44e03bc784d8e3888d8cbd668a9e38d7ef349810d2'],
  ['heat', 2465, 24, 6, '8e5b41d0b79d4bcde9e8214dfa8195d6eeb61388c120db41e302779f4eaa76a8'],
  ['housing', 506, 6, 6, 'b009412d41b59b6a8605d35915e1d14ae67f9ddea3fa546297d9c27832ff132d'],
  ['iris', 150, 4, 3, 'b09edb9b229ba2837477a9f553dc8c4b1b64ad45c5ef8202c524da7e526e6ef2'],
  ['pendigits', 10992, 16, 10, 'e35a9705ded16624a2615c3ec74ce43f0794d54556c3c8146451853bed5eeb0d'],
  ['segment', 2310, 18, 7, 'b6637f374c2d9878e63be5b93146e4a78df4f69c3e4fb3958f5ac216f77ee8a2'],
  ['spo', 2465, 24, 11, 'ecdb321891ce98e243ed5f993cfcc655624f4f1836c1db49f8db3e50259daaf7'],
  ['stock', 950, 5, 5, '8ab1247e35db932ff3e3eb26e6ea888b516ad2eb68edce56fab6d733c876e2a6'],
  ['vehicle', 846, 18, 4, 'c7851435c08398a42c651890de0f8b5351c61cd3ef03911c745dd143418b172d'],
  ['vowel', 528, 10, 11, '486b74ca521e15dc9d6e2d0d333f3286eb32565414dbc9806e5116888f0547e3'],
  ['wine', 178, 13, 3, 'f8f5fb225a75d3b9bd1aa5d4b3b00e576e44a27b4c4ca52ab47a3f1823ea04f0'],
  ['wisconsin', 194, 16, 16, 'f51b287b9b5b01e09e79e6c03b76ea9196f4f97645dd8f85c062c0e1b259716a'],
]

const common = {
  folder: 'label-ranking',
  licence: 'offered freely for research; scikit-lr, which ships them, is MIT',
  citation:
    'W. Cheng, J. Huhn, E. Hullermeier: Decision Tree and Instance-Based Learning for Label Ranking. ICML 2009; E. Hullermeier, J. Furnkranz, W. Cheng, K. Brinker: Label Ranking by Learning Pairwise Preferences. Artificial Intelligence 172, 2008',
  home: 'https://github.com/alfaro96/scikit-lr',
  content: 'text',
  without: 'synthetic-label-ranking',
} as const

const files: readonly FileEntry[] = sets.map(([name, rows, features, labels, sha256]) => ({
  name: `${name}.csv`,
  holds: `${rows} rows, ${features} features, ${labels} labels`,
  sha256,
}))

const obtain = 'sklr/datasets/data/label_ranking/*.csv of scikit-lr at commit c030b3e9 (later ones are rounded)'

/** Names of the sets, in order. */
export const setNames: readonly string[] = sets.map(([name]) => name)

/** All of them, as one data set whose parts they are. */
export const allSets: FilesEntry = {
  ...common,
  name: 'label-ranking',
  title: `the ${sets.length} label-ranking sets, each measured by itself`,
  obtain,
  files,
}

/** Each by itself, in the order of their names. */
export const singleSets: readonly FilesEntry[] = files.map((file, i) => ({
  ...common,
  name: `${allSets.name}:${setNames[i]}`,
  title: `label ranking, ${setNames[i]}: ${file.holds}`,
  obtain: `${file.name} of ${obtain}`,
  files: [file],
}))
