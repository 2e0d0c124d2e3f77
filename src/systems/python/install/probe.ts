/** Asks one interpreter which peers work in it: every page is loaded, what it needs looked up and imported for real. */

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** `lacks` ends the sentence "in this interpreter the peer ...". */
export type PageState =
  | { readonly status: 'ready'; readonly versions: Readonly<Record<string, string>> }
  | { readonly status: 'lacking'; readonly lacks: string }

type Probe =
  | { readonly status: 'answered'; readonly python: string; readonly pages: ReadonlyMap<string, PageState> }
  /** `lacks` ends the sentence "this interpreter ...". */
  | { readonly status: 'lacking'; readonly lacks: string }

const script = fileURLToPath(new URL('../probe.py', import.meta.url))

const line = z.union([
  z.object({ python: z.string() }),
  z.object({ begins: z.string() }),
  z.object({ page: z.string(), versions: z.record(z.string(), z.string()) }),
  z.object({ page: z.string(), lacks: z.string() }),
])

/** Lines that are not answers are what packages print. */
const linesOf = (stdout: string) =>
  stdout.split('\n').flatMap((text) => {
    try {
      const read = line.safeParse(JSON.parse(text))
      return read.success ? [read.data] : []
    } catch {
      return []
    }
  })

interface ExecError extends Error {
  readonly code?: string | number | null
  readonly killed?: boolean
  readonly signal?: string | null
}

function failure(error: ExecError | null, stderr: string, timeoutMs: number): string {
  const lastLine = stderr.trim().split('\n').at(-1)
  if (error === null) return 'does not answer like Python'
  if (error.killed) return `did not answer within ${timeoutMs / 1000} s`
  if (error.code === 'ENOENT') return 'is not there'
  if (error.code === 'EACCES') return 'is not a program that may be run'
  if (error.signal) return `was ended by ${error.signal}`
  return `failed${lastLine ? `: ${lastLine}` : ` with code ${error.code}`}`
}

interface Asked {
  readonly stdout: string
  readonly why: string
}

const ask = (python: string, pages: readonly string[], timeoutMs: number, env: NodeJS.ProcessEnv): Promise<Asked> =>
  new Promise((resolve) => {
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL', encoding: 'utf8', env } as const
    execFile(python, [script, ...pages], options, (error, stdout, stderr) =>
      resolve({ stdout, why: failure(error, stderr, timeoutMs) }),
    )
  })

/**
 * Never rejects: whatever goes wrong is what the interpreter, or one page in it, lacks. A page that ends the process is named,
 * and those after it are asked again.
 */
export async function probePython(
  python: string,
  pages: readonly string[],
  timeoutMs: number,
  env: NodeJS.ProcessEnv,
): Promise<Probe> {
  const found = new Map<string, PageState>()
  let version: string | undefined
  for (let left = [...pages]; ; ) {
    const { stdout, why } = await ask(python, left, timeoutMs, env)
    let begun: string | undefined
    for (const said of linesOf(stdout)) {
      if ('python' in said) version = said.python
      else if ('begins' in said) begun = said.begins
      else if ('lacks' in said) found.set(said.page, { status: 'lacking', lacks: said.lacks })
      else found.set(said.page, { status: 'ready', versions: said.versions })
    }
    if (version === undefined) return { status: 'lacking', lacks: why }
    left = left.filter((page) => !found.has(page))
    if (left.length === 0) return { status: 'answered', python: version, pages: found }
    const culprit = begun !== undefined && left.includes(begun) ? begun : left[0]
    found.set(culprit, { status: 'lacking', lacks: `cannot be imported: Python ${why}` })
    left = left.filter((page) => page !== culprit)
  }
}
