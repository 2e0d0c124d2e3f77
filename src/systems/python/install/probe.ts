/** Asks one interpreter what it has. Imports torchsort for real: an extension built for another torch is not a peer. */

import { execFile } from 'node:child_process'

export interface PeerVersions {
  readonly pythonVersion: string
  readonly torch: string
  readonly torchsort: string
  readonly numpy: string
}

type Probe =
  | ({ readonly status: 'complete' } & PeerVersions)
  /** `lacks` ends the sentence "this interpreter ...". */
  | { readonly status: 'lacking'; readonly lacks: string }

/** The empty entry of sys.path is the current folder, where a folder named torch would pass for the package. */
const script = `
import json, platform, sys
sys.path[:] = [entry for entry in sys.path if entry]
from importlib.metadata import PackageNotFoundError, version
def installed(name):
    try: return version(name)
    except PackageNotFoundError: return None
found = {"python": platform.python_version(), **{name: installed(name) for name in ("torch", "torchsort", "numpy")}}
if all(found.values()):
    try:
        import numpy, torch, torchsort
        found["torch"] = torch.__version__
    except Exception as error:
        found["error"] = f"{type(error).__name__}: {error}"
print(json.dumps(found))
`

type Answer = Readonly<Partial<Record<'python' | 'torch' | 'torchsort' | 'numpy' | 'error', string | null>>>

function parseAnswer(stdout: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(stdout.trim().split('\n').at(-1)!)
    return typeof value === 'object' && value !== null && 'python' in value ? (value as Answer) : undefined
  } catch {
    return undefined
  }
}

function judge(answer: Answer): Probe {
  const { python, torch, torchsort, numpy, error } = answer
  if (error) return { status: 'lacking', lacks: `cannot import torchsort (${error.split('\n')[0]})` }
  if (python && torch && torchsort && numpy) {
    return { status: 'complete', pythonVersion: python, torch, torchsort, numpy }
  }
  const missing = Object.entries({ torch, torchsort, numpy }).flatMap(([name, version]) => (version ? [] : [name]))
  const has = torch ? `Python ${python}, torch ${torch}` : `Python ${python}`
  return { status: 'lacking', lacks: `has no ${missing.join(', ')} (${has})` }
}

interface ExecError extends Error {
  readonly code?: string | number | null
  readonly killed?: boolean
}

function failure(error: ExecError, stderr: string, timeoutMs: number): Probe {
  const lastLine = stderr.trim().split('\n').at(-1)
  if (error.killed) return { status: 'lacking', lacks: `did not answer within ${timeoutMs / 1000} s` }
  if (error.code === 'ENOENT') return { status: 'lacking', lacks: 'is not there' }
  if (error.code === 'EACCES') return { status: 'lacking', lacks: 'is not a program that may be run' }
  return { status: 'lacking', lacks: `failed${lastLine ? `: ${lastLine}` : ` with code ${error.code}`}` }
}

/** Never rejects: whatever goes wrong is what the interpreter lacks. */
export function probePython(python: string, timeoutMs: number, env: NodeJS.ProcessEnv): Promise<Probe> {
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL', encoding: 'utf8', env } as const
    execFile(python, ['-c', script], options, (error, stdout, stderr) => {
      if (error) return resolve(failure(error, stderr, timeoutMs))
      const answer = parseAnswer(stdout)
      resolve(answer ? judge(answer) : { status: 'lacking', lacks: 'does not answer like Python' })
    })
  })
}
