/** Progress of long work: a bar with the time left on a terminal, a plain line now and then elsewhere. The only file that knows cli-progress. */

import { SingleBar } from 'cli-progress'
import { nowMs } from '../measure/clock.ts'
import { tell } from './output.ts'

interface Progress {
  advance(label: string): void
  stop(): void
}

function barProgress(total: number): Progress {
  const bar = new SingleBar({
    format: '{bar} {value}/{total} · {eta_formatted} left · {label}',
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 50,
  })
  bar.start(total, 0, { label: '' })
  return { advance: (label) => bar.increment(1, { label }), stop: () => bar.stop() }
}

const plainLineEveryMs = 10_000

function plainProgress(total: number): Progress {
  let done = 0
  let last = nowMs()
  return {
    advance: (label) => {
      done++
      if (done < total && nowMs() - last < plainLineEveryMs) return
      last = nowMs()
      tell(`${done}/${total} visits · ${label}`)
    },
    stop: () => {},
  }
}

export function startProgress(total: number, wanted: boolean): Progress {
  if (total === 0) return { advance: () => {}, stop: () => {} }
  return wanted && process.stderr.isTTY && !process.env.CI ? barProgress(total) : plainProgress(total)
}
