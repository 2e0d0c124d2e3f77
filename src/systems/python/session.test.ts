import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { openPeer, type PeerOperation, type PeerSession } from './session.ts'

const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.log('skipped: peer session tests, because there is no python3 on PATH')

const folder = mkdtempSync(join(tmpdir(), 'rank-bench-session-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The real worker with handlers that need no PyTorch; the strength says how `evaluate` behaves. */
const fake = join(folder, 'fake.py')
writeFileSync(
  fake,
  `
import os, sys, time
sys.dont_write_bytecode = True
sys.path.insert(0, ${JSON.stringify(resolve('src/systems/python'))})
sys.argv = sys.argv[:1]
import worker
real = os.dup(1)
def hello(request, blocks):
    said = dict(name="fake", versions={"torchsort": "0"}, passes=["both"], parallel="")
    return {**said, "threads": request["threads"], "openmp": {name: os.environ[name] for name in worker.OPENMP}}, []
def evaluate(request, blocks):
    behave = request["operation"]["params"]["strength"]
    if behave == 2: print("stray"); os.write(1, b"stray"); os.system("echo stray")
    if behave == 3: raise ValueError("refused")
    if behave > 1e8: raise ValueError(type(behave).__name__)
    if behave == 4: sys.stderr.write("last words\\n"); sys.stderr.flush(); os._exit(7)
    if behave == 5: time.sleep(60)
    if behave == 6: os.write(real, b"Segmentation fault")
    if behave == 7: return {}, [blocks[0][:-1], blocks[1]]
    return {}, blocks
def time_calls(request, blocks):
    return {"samples": [float(len(block)) for block in blocks], "callsPerBatch": 1}, []
def published(request, blocks):
    return {"means": {"forward": 1000.0 * request["script"]["calls"] + request["inputs"]}}, []
worker.HANDLERS = {"hello": hello, "evaluate": evaluate, "time": time_calls, "published": published}
worker.main()
`,
)

const operation = (strength: number, n = 2): PeerOperation => ({
  operator: 'rank',
  method: 'permutahedron',
  params: { regularization: 'l2', strength },
  precision: 'f64',
  batch: 1,
  n,
})
const values = Float64Array.of(0.1, 2)
const cotangent = Float64Array.of(-1, 3)
const evaluate = (session: PeerSession, strength: number) => session.evaluate(operation(strength), values, cotangent)

describe.skipIf(!hasPython)('a peer session', () => {
  let session: PeerSession | undefined
  const open = async (timeoutMs = 20_000) => {
    session = await openPeer({ python: 'python3', adapter: '', threads: 3, timeoutMs, worker: fake })
    return session
  }
  afterEach(async () => {
    await session?.close()
    session = undefined
  })

  test('says what it runs, with the threads it was given', async () => {
    const { info } = await open()
    expect(info).toMatchObject({ versions: { torchsort: '0' }, threads: 3 })
    expect(info.openmp).toEqual({ OMP_NUM_THREADS: '3', MKL_NUM_THREADS: '3', OMP_WAIT_POLICY: 'passive' })
  })
  test('carries numbers there and back bit for bit', async () => {
    expect(await evaluate(await open(), 1)).toMatchObject({ output: values, gradient: cotangent })
  })
  test('carries inputs larger than any pipe buffer', async () => {
    const large = Float64Array.from({ length: 300_000 }, (_, i) => i / 7)
    const { output } = await (await open()).evaluate(operation(1, large.length), large, large)
    expect(Buffer.compare(Buffer.from(output.buffer), Buffer.from(large.buffer))).toBe(0)
  })
  test('sends every input of a timing and answers with the samples in order', async () => {
    const protocol = { samples: 3, minBatchNs: 1000 }
    const times = (await open()).time(operation(1), 'both', protocol, [values, values], cotangent)
    expect((await times).samples).toEqual([16, 16, 16])
  })
  test('answers what a script prints of the passes it has, and nothing in place of one that is missing', async () => {
    const peer = await open()
    const script = { program: 'calls', warmUpItems: 10, calls: 7 } as const
    const ask = (...passes: ('forward' | 'backward')[]) =>
      peer.published(operation(1), { ...script, passes }, [values], cotangent)
    expect([...(await ask('forward'))]).toEqual([['forward', 7001]])
    await expect(ask('forward', 'backward')).rejects.toThrow(/no time of "backward"/)
    await expect(peer.published(operation(1), { ...script, passes: [] }, [], cotangent)).rejects.toThrow(/at least one/)
  })
  test('survives what a library prints to standard output', async () => {
    expect((await evaluate(await open(), 2)).output).toEqual(values)
  })
  test('reports an exception of the peer and lives on', async () => {
    const peer = await open()
    await expect(evaluate(peer, 3)).rejects.toMatchObject({
      kind: 'peer',
      message: 'the peer reports ValueError: refused',
    })
    expect((await evaluate(peer, 1)).output).toEqual(values)
  })
  test('hands a whole number over as one where a count could be as large, and else as a float: frameworks take whole ones for 32 bits', async () => {
    const peer = await open()
    const typeOf = async (strength: number) => evaluate(peer, strength).catch(({ message }: Error) => message)
    expect(await typeOf(2e8)).toBe('the peer reports ValueError: int')
    expect(await typeOf(3 * 2 ** 30)).toBe('the peer reports ValueError: float')
  })
  test('rejects every waiting request with the last words of a crashed process', async () => {
    const peer = await open()
    const outcomes = await Promise.allSettled([evaluate(peer, 4), evaluate(peer, 1), evaluate(peer, 1)])
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'peer' } })
      expect((outcome as PromiseRejectedResult).reason.message).toMatch(/exited with code 7.*last words/s)
    }
    await expect(evaluate(peer, 1)).rejects.toThrow(/exited with code 7/)
  })
  test('ends a process that exceeds the limit of a request', async () => {
    const peer = await open(300)
    const outcomes = await Promise.allSettled([evaluate(peer, 5), evaluate(peer, 1)])
    for (const outcome of outcomes) {
      expect((outcome as PromiseRejectedResult).reason.message).toMatch(/no answer to "evaluate" within 0.3 s/)
    }
  })
  test('ends a process that writes garbage', async () => {
    await expect(evaluate(await open(), 6)).rejects.toThrow(/begins with "Segm"/)
  })
  test('refuses answers and inputs of the wrong size or precision', async () => {
    const peer = await open()
    await expect(evaluate(peer, 7)).rejects.toThrow(/answered 15 bytes of 16/)
    await expect(peer.evaluate(operation(1), Float32Array.of(1, 2), cotangent)).rejects.toThrow(/in f32/)
    await expect(peer.time(operation(1), 'both', { samples: 1, minBatchNs: 1 }, [], cotangent)).rejects.toThrow(
      /at least one/,
    )
  })
  test('ends at once when closed during a request, which is rejected', async () => {
    const peer = await open()
    const [outcome] = await Promise.allSettled([evaluate(peer, 5), peer.close()])
    expect((outcome as PromiseRejectedResult).reason.message).toMatch(/was closed/)
  })
  test('does not open with an interpreter that cannot start, or a worker that fails', async () => {
    const options = { adapter: '', threads: 1, timeoutMs: 5000 }
    await expect(openPeer({ ...options, python: join(folder, 'absent') })).rejects.toMatchObject({
      kind: 'peer',
      hint: 'rank-bench peers list',
    })
    await expect(openPeer({ ...options, python: 'python3', worker: join(folder, 'absent.py') })).rejects.toThrow(
      /exited with code 2.*absent.py/s,
    )
  })
})

describe.skipIf(!hasPython)('the worker', () => {
  const run = (script: string): string => {
    const prelude = `import sys; sys.dont_write_bytecode = True; sys.path.insert(0, 'src/systems/python'); import worker\n`
    const { stdout, stderr, status } = spawnSync('python3', ['-c', prelude + script], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(status).toBe(0)
    return stdout.trim()
  }
  test('rotates over its inputs across batches, so a batch of one call is not always the first input', () => {
    const script = `seen = []; run = worker.batches(seen.append, "abc"); [run(k) for k in (1, 1, 3)]; print(*seen)`
    expect(run(script)).toBe('a b c a b')
  })
  test('calibrates until a batch lasts long enough', () => {
    expect(run('print(worker.calibrate(lambda calls: calls * 30, 1000))')).toBe('(34, 1020)')
  })
  test('takes the samples asked for, or what the budget holds, but never fewer than three', () => {
    const script = `
run = lambda calls: calls * 1_000_000
for budget in ({}, {"budgetMs": 5}, {"budgetMs": 0.1}):
    print(len(worker.sample(run, {"samples": 9, "minBatchNs": 1_000_000, **budget})[0]))
`
    expect(run(script).split('\n')).toEqual(['9', '5', '3'])
  })

  test('that computes ends with its run, however that is killed', async () => {
    // A process that opens the peer, lets it hang, and is killed.
    const script = `import { openPeer } from '${resolve('dist/systems/python/session.js')}'
      const session = await openPeer({ python: 'python3', adapter: '', threads: 1, timeoutMs: 60000, worker: '${fake}' })
      const given = Float64Array.of(0.1, 2)
      session.evaluate(${JSON.stringify(operation(5))}, given, given)
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), 500)`
    spawnSync(process.execPath, ['--input-type=module', '-e', script])
    const left = () =>
      spawnSync('pgrep', ['-f', fake], { encoding: 'utf8' })
        .stdout.split('\n')
        .filter((id) => id !== '')
    for (let waited = 0; waited < 10_000 && left().length > 0; waited += 100)
      await new Promise((done) => setTimeout(done, 100))
    expect(left()).toEqual([])
  })
  test('finds the package, not the adapter that bears its name', async () => {
    const packages = mkdtempSync(join(folder, 'packages-'))
    writeFileSync(join(packages, 'softlib.py'), 'def twice(row): return [2 * x for x in row]\n')
    const beside = mkdtempSync(join(folder, 'adapters-'))
    const adapter = join(beside, 'softlib.py')
    writeFileSync(join(beside, 'helper.py'), 'def back(rows, cotangents): return cotangents\n')
    writeFileSync(
      adapter,
      [
        'name = "softlib"',
        'def offers(operation): return True',
        'def build(operation):',
        '    import softlib, helper',
        '    return (lambda rows: [softlib.twice(row) for row in rows]), helper.back',
      ].join('\n'),
    )
    vi.stubEnv('PYTHONPATH', packages)
    const session = await openPeer({ python: 'python3', adapter, threads: 1, timeoutMs: 20_000 })
    vi.unstubAllEnvs()
    const { output } = await session.evaluate(operation(1), values, cotangent)
    await session.close()
    expect(output).toEqual(Float64Array.of(0.2, 4))
  })
})
