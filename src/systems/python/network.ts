/** Networks of convolutions that PyTorch computes, in a process that the training asks for every pass. One thread. */

import { RankBenchError } from '../../core/errors.ts'
import type { ComputedNetwork, NetworkShape, OpenNetwork } from '../../core/network.ts'
import { openBlockingCall } from './blocking-call.ts'
import type { NetworkQuestion } from './network-thread.ts'

const numbers = ([block]: readonly Uint8Array<ArrayBuffer>[], count: number): Float32Array => {
  if (block?.byteLength === count * Float32Array.BYTES_PER_ELEMENT) return new Float32Array(block.buffer)
  throw new RankBenchError(
    'peer',
    `the network answered ${block?.byteLength ?? 0} bytes; ${count} numbers were expected`,
  )
}

/** @param python an interpreter that has PyTorch */
export function openNetworks(python: string): OpenNetwork {
  return (shape: NetworkShape): ComputedNetwork => {
    const { ask } = openBlockingCall<NetworkQuestion>(new URL('./network-thread.js', import.meta.url), { python })
    const pass = (header: NetworkQuestion['header'], ...blocks: Float32Array[]) =>
      ask({ header, blocks }) as readonly Uint8Array<ArrayBuffer>[]
    pass({ request: 'open', shape, threads: 1 })
    const picture = shape.height * shape.width * shape.channels
    return {
      forward(parameters, inputs, rows, outputs, keeps) {
        const given = inputs.slice(0, rows * picture)
        const answer = pass({ request: 'forward', rows, keeps }, Float32Array.from(parameters), given)
        outputs.set(numbers(answer, rows * shape.outputs))
      },
      backward(outputGradient, gradient) {
        const answer = numbers(pass({ request: 'backward' }, Float32Array.from(outputGradient)), gradient.length)
        for (let k = 0; k < gradient.length; k++) gradient[k] += answer[k]
      },
    }
  }
}
