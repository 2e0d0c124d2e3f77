/** Regression sets of the LIBSVM page, as StatLib, UCI and L. Torgo publish them. Plain data. */

import type { FilesEntry } from '../published/entry.ts'

export interface RegressionEntry extends FilesEntry {
  /** What a reader of a number must know of the data. */
  readonly note?: string
}

interface Listed {
  readonly name: string
  readonly file: string
  readonly holds: string
  /** Of the text with LF line ends. */
  readonly sha256: string
  readonly note?: string
}

const listed: readonly Listed[] = [
  {
    name: 'abalone',
    file: 'abalone.arff',
    holds: '4177 rows, 8 inputs',
    sha256: '9891a44674c522a70c821d497994140acc2530912f410315270e607adf4e3125',
    note: 'Sex is three indicators here, one integer on the LIBSVM page',
  },
  {
    name: 'autompg',
    file: 'autompg.arff',
    holds: '398 rows, 7 inputs, 6 rows without horsepower',
    sha256: '9d9695713dc431a509dc2e216792eefa900a3a275f204c949d0c716981b1b01f',
    note: '6 rows without horsepower are left out, as the LIBSVM page does',
  },
  {
    name: 'bodyfat',
    file: 'bodyfat.arff',
    holds: '252 rows, 14 inputs',
    sha256: '6cb62e841e7036c63bd73bf5be53404f0e06c0a778d85040934b111111d9187f',
    note: 'its input Density gives the target but for rounding: a linear model is almost exact',
  },
  {
    name: 'cal-housing',
    file: 'cal.housing.arff',
    holds: '20640 rows, 8 inputs',
    sha256: 'f659be602650d19e7a69d3f386973e123ec0ebfe1b6cbd70f8d799421e1b6c13',
  },
  {
    name: 'cpu-small',
    file: 'cpu.small.arff',
    holds: '8192 rows, 12 inputs',
    sha256: '436b5c452023a8af20737da7595e00566c539b24c3969f16f3d3ccb948e32295',
  },
  {
    name: 'housing',
    file: 'housing.arff',
    holds: '506 rows, 13 inputs',
    sha256: '349a9986972ebc1d7893d98a2e17afd9dc3f6b39c7ce2e02e32630dce959e846',
  },
  {
    name: 'housing-scale',
    file: 'housing_scale.libsvm',
    holds: '506 rows, 13 inputs',
    sha256: 'bbacd2f526a038499717d5dc4b8895e6baf1e2351895b9360a84bcb31e104476',
  },
  {
    name: 'pyrim',
    file: 'pyrim.arff',
    holds: '74 rows, 27 inputs',
    sha256: '2715efe370ad5d002d988eba25b8b38c2a05fb8352cd2ce134b6d5bf28938efd',
  },
  {
    name: 'triazines',
    file: 'triazines.arff',
    holds: '186 rows, 60 inputs',
    sha256: '8050a05fae6d8c96f926c4ec71aacb4f36e997a0aed29dbb07af82010d93a80c',
  },
]

/** Each data set, in the order of their names. */
export const catalogue: readonly RegressionEntry[] = listed.map(({ name, file, holds, sha256, note }) => ({
  name: `regression:${name}`,
  title: `regression, ${name}: ${holds}`,
  folder: 'regression',
  licence: 'public research data; cite UCI or StatLib and the source in the head of the file',
  citation: 'K. Bache, M. Lichman: UCI Machine Learning Repository; StatLib; L. Torgo: Regression DataSets',
  home: 'https://www.dcc.fc.up.pt/~ltorgo/Regression/DataSets.html',
  obtain: `${file}; copies in GitHub renatopp/arff-datasets regression/, housing_scale in zhengruifeng/SparkGBM data/`,
  content: 'text',
  without: 'synthetic-regression',
  files: [{ name: file, holds, sha256 }],
  ...(note !== undefined && { note }),
}))
