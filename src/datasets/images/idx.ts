/**
 * The idx format of MNIST: a magic number whose last byte is the number of dimensions, their sizes as big-endian words, then
 * unsigned bytes. Y. LeCun, C. Cortes, C. J. C. Burges, the MNIST database of handwritten digits.
 */

import { dataError } from '../../core/errors.ts'

interface Idx {
  readonly sizes: readonly number[]
  readonly bytes: Uint8Array
}

const unsignedBytes = 8

/** @throws RankBenchError(data) naming what is wrong with the file */
export function parseIdx(file: Buffer, path: string, dimensions: number): Idx {
  const header = 4 + 4 * dimensions
  if (file.length < header || file[0] !== 0 || file[1] !== 0 || file[2] !== unsignedBytes || file[3] !== dimensions) {
    const magic = file.subarray(0, 4).toString('hex')
    throw dataError(`${path} begins with ${magic}; expected 000008${`0${dimensions}`.slice(-2)}, an idx file of bytes`)
  }
  const sizes = Array.from({ length: dimensions }, (_, d) => file.readUInt32BE(4 + 4 * d))
  const length = sizes.reduce((product, size) => product * size, 1)
  if (file.length !== header + length)
    throw dataError(`${path} has ${file.length - header} bytes of data; its header says ${sizes.join(' x ')}`)
  return { sizes, bytes: new Uint8Array(file.buffer, file.byteOffset + header, length) }
}
