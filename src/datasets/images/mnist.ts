/** MNIST: 70,000 handwritten digits, 28 x 28. */

import type { FilesEntry } from '../published/entry.ts'
import { digestOfFiles, readFiles } from '../published/read.ts'
import { parseIdx } from './idx.ts'
import { partsOf } from './parts.ts'
import type { ImageDataset, Images } from './types.ts'

export const mnistFiles: FilesEntry = {
  name: 'images:mnist',
  title: 'MNIST: 60,000 and 10,000 handwritten digits, 28 x 28',
  folder: 'mnist',
  licence: 'usually given as CC BY-SA 3.0',
  citation:
    'Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: Gradient-Based Learning Applied to Document Recognition. Proceedings of the IEEE 86(11), 1998',
  home: 'http://yann.lecun.com/exdb/mnist/',
  obtain: 'the four files train-images-idx3-ubyte .. t10k-labels-idx1-ubyte, plain or packed',
  content: 'bytes',
  without: 'digits',
  files: [
    {
      name: 'train-images-idx3-ubyte',
      holds: '60,000 pictures of 28 x 28',
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    {
      name: 'train-labels-idx1-ubyte',
      holds: '60,000 labels',
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
    {
      name: 't10k-images-idx3-ubyte',
      holds: '10,000 pictures of 28 x 28',
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    {
      name: 't10k-labels-idx1-ubyte',
      holds: '10,000 labels',
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  ],
}

function imagesOf(pictures: Buffer, labels: Buffer): Images {
  const { sizes, bytes } = parseIdx(pictures, 'images', 3)
  return { height: sizes[1], width: sizes[2], pixels: bytes, labels: parseIdx(labels, 'labels', 1).bytes }
}

export const mnist: ImageDataset = {
  kind: 'images',
  name: mnistFiles.name,
  title: mnistFiles.title,
  licence: mnistFiles.licence,
  citation: mnistFiles.citation,
  params: {},
  classes: 10,
  digest: (_params, context) => digestOfFiles(mnistFiles, context),
  async load(_params, context) {
    const [pictures, labels, testPictures, testLabels] = await readFiles(mnistFiles, context)
    return partsOf(imagesOf(pictures, labels), imagesOf(testPictures, testLabels))
  },
}
