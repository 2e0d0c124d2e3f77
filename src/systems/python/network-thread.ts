/** The thread that talks with the process of torch_network.py while the one that trains sleeps. */

import { fileURLToPath } from 'node:url'
import { answerBlocking } from './blocking-call.ts'
import { startPeerProcess } from './peer-process.ts'
import { peerEnv } from './session.ts'

export interface NetworkQuestion {
  readonly header: Readonly<Record<string, unknown>>
  readonly blocks: readonly ArrayBufferView[]
}

/** One pass over a batch takes seconds at most; a cold import of PyTorch, tens of them. */
const limitMs = 300_000

const script = fileURLToPath(new URL('./torch_network.py', import.meta.url))

answerBlocking<NetworkQuestion, { readonly python: string }>(({ python }) => {
  const network = startPeerProcess({ command: python, args: [script], env: peerEnv(1) })
  return async ({ header, blocks }) => (await network.request(header, blocks, limitMs)).blocks
})
