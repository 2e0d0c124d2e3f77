/** Peers that crash, hang, flood, lie or do not load: each is a row with its reason, and the run goes on. */

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rankBench, temporaryFolder } from './harness.ts'

const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.log('skipped: hostile peers, because there is no python3 on PATH')

/** What each does in its forward pass, and what its row must say. */
const hostile: Readonly<Record<string, readonly [does: string, says: RegExp]>> = {
  crashes: ['os._exit(7)', /crashes: .*exited with code 7/],
  'is-killed': ['os.kill(os.getpid(), 9)', /is-killed: .*was killed by SIGKILL/],
  hangs: ['time.sleep(60)', /hangs: .*no answer to "evaluate" within 5 s/],
  'holds-the-lock': [
    '(lambda f: f(f))(lambda f: [0 for _ in iter(int, 1)])',
    /holds-the-lock: .*no answer to "evaluate"/,
  ],
  raises: ['raise ValueError("no such rank")', /raises: .*ValueError: no such rank/],
  'wants-what-is-not-there': ['import surely_not_installed', /wants-what-is-not-there: .*surely_not_installed/],
  'is-too-short': ['return [row[:-1] for row in rows]', /is-too-short: .*the peer answered \d+ bytes of \d+/],
  'answers-text': ['return "text"', /answers-text: .*the peer reports TypeError/],
  'writes-into-frames': [
    '[os.write(fd, b"x" * 100) for fd in range(3, 12) if open_for_writing(fd)]',
    /writes-into-frames: .*not rank-bench's protocol/,
  ],
}

/** A flood is no fault of the numbers. */
const floods = 'print("x" * 50_000_000); os.write(1, b"y" * 50_000_000)'

const page = (name: string, does: string): string => `
import math, os, time
name = "${name}"
needs = []
def open_for_writing(fd):
    try:
        import fcntl
        return fcntl.fcntl(fd, fcntl.F_GETFL) & 3
    except OSError:
        return False
def offers(operation):
    return True if operation["method"] == "sigmoid" and operation["params"]["direction"] == "ascending" else "ranks"
def sigmoid(z): return 1 / (1 + math.exp(-z))
def build(operation):
    def forward(rows):
        ${does}
        return [[0.5 + sum(sigmoid(x - y) for y in row) for x in row] for row in rows]
    def backward(rows, cotangents):
        found = []
        for row, u in zip(rows, cotangents):
            slopes = [[sigmoid(x - y) * (1 - sigmoid(x - y)) for y in row] for x in row]
            n = range(len(row))
            found.append([sum(slopes[i][j] * (u[i] - u[j]) for j in n) for i in n])
        return found
    return forward, backward
`

describe.skipIf(!hasPython)('hostile peers', () => {
  const cwd = temporaryFolder()
  const files = [...Object.entries(hostile).map(([name, [does]]) => [name, does] as const), ['floods', floods] as const]
  for (const [name, does] of files) writeFileSync(join(cwd, `${name}.py`), page(name, does))
  const words = [
    ...['run', '-e', 'speed[beside=peers]', '-m', 'rank:sigmoid', '-d', 'sorting[n=8]', '--profile', 'quick'],
    ...['--python', 'python3', '--timeout', '5', '--no-progress', '--full', '--out', 'run'],
    ...files.flatMap(([name]) => ['--peer', `./${name}.py`]),
  ]
  const { code, out } = rankBench(words, { cwd })

  test.each(Object.entries(hostile))('%s: a row that says so', (_, [, says]) => {
    expect(out).toMatch(says)
  })
  test('one that floods its standard output is measured', () => {
    expect(out).toMatch(/rank:sigmoid .* floods .*x \[.*x \[/)
  })
  test('the run goes on to its end, and is not called whole', () => {
    expect(code).toBe(3)
    expect(out).toMatch(/measured.*failed/)
  })
})
