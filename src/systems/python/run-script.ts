/** Scripts that answer one JSON request with one JSON answer. */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { RankBenchError } from '../../core/errors.ts'

const mostBytes = 2 ** 30

/** Reads a value, or throws what is wrong with it. */
interface Decoder<T> {
  parse(value: unknown): T
}

/**
 * @param script file name beside this module
 * @param needs what the interpreter should have, for the error
 * @throws RankBenchError(peer) when the interpreter does not run, or its answer is not one
 */
export function runScript<T>(python: string, script: string, request: object, answer: Decoder<T>, needs: string): T {
  const path = fileURLToPath(new URL(`./${script}`, import.meta.url))
  const { status, stdout, stderr, error } = spawnSync(python, [path], {
    input: JSON.stringify(request),
    encoding: 'utf8',
    maxBuffer: mostBytes,
  })
  if (error || status !== 0) {
    const reason = error?.message ?? stderr.trim().split('\n').at(-1)
    throw new RankBenchError('peer', `${python} gave no answer: ${reason}`, {
      hint: `name an interpreter that has ${needs}: --peers <interpreter>`,
    })
  }
  return answer.parse(JSON.parse(stdout))
}
