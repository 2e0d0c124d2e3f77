/** A command of the user's, run once in a process of its own: the numbers that it prints, or else the time it takes. */

import { spawn } from 'node:child_process'
import type { VisitOutcome } from '../core/result.ts'
import { nowNs } from './clock.ts'
import { failed } from './outcome.ts'
import { observationsOf } from './printed.ts'

export interface CommandRun {
  readonly command: string
  readonly folder: string
  readonly env?: NodeJS.ProcessEnv
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

interface Ended {
  readonly code: number | null
  readonly by: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly ns: number
  readonly timedOut: boolean
}

/** Of its output so much is kept. */
const mostText = 2 ** 20

/** Runs it in a shell, in a process group of its own, so that what it started ends with it. */
function shell({ command, folder, env, timeoutMs, signal }: CommandRun): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const began = nowNs()
    const child = spawn(command, {
      cwd: folder,
      env: { ...process.env, ...env },
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    })
    let [stdout, stderr, timedOut] = ['', '', false]
    const kill = () => {
      try {
        process.kill(process.platform === 'win32' ? child.pid! : -child.pid!, 'SIGKILL')
      } catch {
        // It has ended by itself.
      }
    }
    const timer = setTimeout(() => {
      timedOut = true
      kill()
    }, timeoutMs)
    signal?.addEventListener('abort', kill, { once: true })
    child.stdout.on('data', (chunk: Buffer) => {
      stdout = (stdout + chunk).slice(-mostText)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk).slice(-mostText)
    })
    let ns = 0
    child.once('exit', () => {
      ns = nowNs() - began
    })
    child.once('error', reject)
    child.once('close', (code, by) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', kill)
      resolve({ code, by, stdout, stderr, ns, timedOut })
    })
  })
}

/** The line that says what went wrong, which stands before a stack in some languages and after it in others; else the last three. */
function lastWords(stderr: string): string {
  const lines = stderr.trim().split('\n')
  return lines.find((line) => /^\s*\w*(error|exception|panic)\b.*\S/i.test(line))?.trim() ?? lines.slice(-3).join(' | ')
}

/** Never rejects: a command that fails or takes too long is an outcome. */
export async function visitCommand(run: CommandRun, higher: (metric: string) => boolean): Promise<VisitOutcome> {
  try {
    const { code, by, stdout, stderr, ns, timedOut } = await shell(run)
    if (timedOut) return { status: 'timeout', limitMs: run.timeoutMs }
    if (code === 0) return { status: 'measured', observations: observationsOf(stdout, ns, higher), warnings: [] }
    const said = lastWords(stderr)
    return failed(`${run.command}: ${by ? `killed by ${by}` : `exit ${code}`}${said ? `: ${said}` : ''}`)
  } catch (error) {
    return failed(`${run.command}: ${error instanceof Error ? error.message : error}`)
  }
}
