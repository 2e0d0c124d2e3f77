/** Real bundlers on the package as it is installed: for browsers nothing of Node is left, for Node the kernels travel or are missed aloud. */

import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build as esbuild } from 'esbuild'
import puppeteer from 'puppeteer-core'
import { rolldown } from 'rolldown'
import { build } from 'vite'
import { beforeAll, describe, expect, test } from 'vitest'
import { plan } from '../src/api/plan.ts'
import { regularShape } from '../src/core/shape.ts'
import { operators } from '../src/methods/registry.ts'
import { chromium } from './chromium.ts'
import { temporaryFolder } from './harness.ts'

/** What every operator with kernels answers in f64: plans that outgrow the memory they began with among them. */
const allOperators = `
const bits = []
const kept = plan('sort:hard', regularShape(1, 3))
for (const [name, spec] of operators) {
  if (!spec.kernels) continue
  for (const n of [7, 200]) {
    const each = plan(name, regularShape(2, n), { precision: 'f64' })
    each.values.set(Array.from({ length: 2 * n }, (_, i) => ((i * 7919) % 1009) / 100 - 5))
    each.labels?.set(Array.from({ length: 2 * n }, (_, i) => (i * 31) % 4))
    each.forward()
    each.cotangent.set(Array.from(each.cotangent, (_, i) => ((i * 104729) % 997) / 500 - 1))
    each.backward()
    let hash = 0
    for (const numbers of [each.output, each.gradient])
      for (const word of new Uint32Array(numbers.slice().buffer)) hash = (Math.imul(hash, 31) + word) | 0
    bits.push(name + ' ' + n + ' ' + hash)
  }
}
kept.values.set([3, 1, 2])
kept.forward()
bits.push([...kept.output].join())
`

const program = `import { operators, plan, rankingLossWithGradient, regularShape, softRank } from 'rank-bench'
${allOperators}
const one = plan('rank:permutahedron', regularShape(1, 3))
one.values.set([5, 1, 2])
one.forward()
const { gradient } = rankingLossWithGradient('listnet', [1, 2, 3], [2, 0, 1])
globalThis.answer = JSON.stringify({ ranks: softRank([5, 1, 2]), engine: one.engine, output: [...one.output], finite: gradient.every(Number.isFinite), isolated: globalThis.crossOriginIsolated, bits })
console.log(globalThis.answer)
`
/** The same by this process. */
const bitsOf = (): unknown =>
  new Function('operators', 'plan', 'regularShape', `${allOperators}; return bits`)(operators, plan, regularShape)
const expected = (engine: string) => ({ ranks: [3, 1, 2], engine, output: [3, 1, 2], finite: true })

/** A project that has the package installed. */
function project(main = program): string {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(resolve('.'), join(folder, 'node_modules/rank-bench'))
  symlinkSync(resolve('node_modules/@tensorflow'), join(folder, 'node_modules/@tensorflow'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'main.js'), main)
  return folder
}

const tensors = `import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'
import { plan, regularShape } from 'rank-bench'
import { differentiable } from 'rank-bench/tfjs'
await tf.setBackend('cpu')
const softRank = differentiable('rank:permutahedron[strength=2]')
const x = tf.tensor([5, 1, 2])
const gradient = tf.grad((v) => tf.sum(tf.mul(softRank(v), tf.tensor([0, 1, 0]))))(x)
const { engine } = plan('rank:permutahedron', regularShape(1, 3))
globalThis.answer = JSON.stringify({ engine, ranks: [...softRank(x).dataSync()], gradient: [...gradient.dataSync()] })
`

async function rolled(folder: string, platform: 'browser' | 'node'): Promise<string> {
  const bundle = await rolldown({ input: join(folder, 'main.js'), platform, cwd: folder, logLevel: 'silent' })
  await bundle.write({ dir: join(folder, 'out'), format: 'esm', entryFileNames: 'main.js' })
  await bundle.close()
  return join(folder, 'out/main.js')
}

async function vited(folder: string): Promise<string> {
  await build({
    root: folder,
    logLevel: 'silent',
    build: {
      outDir: 'out',
      target: 'esnext',
      minify: false,
      rollupOptions: { input: join(folder, 'main.js'), output: { entryFileNames: 'main.js' } },
    },
  })
  return join(folder, 'out/main.js')
}

/** What a page that runs the bundle says: its answer, and its console. */
async function inChromium(
  file: string,
  policy?: string,
): Promise<{ readonly answer: unknown; readonly console: string[] }> {
  const browser = await puppeteer.launch({ executablePath: chromium!, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    const said: string[] = []
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => said.push(`error: ${error}`))
    const rule = policy ? `<meta http-equiv="Content-Security-Policy" content="${policy}">` : ''
    await page.setContent(`<!doctype html>${rule}<title>bundle</title>`)
    await page.addScriptTag({ content: readFileSync(file, 'utf8'), type: 'module' })
    await page.waitForFunction('globalThis.answer', { timeout: 20_000 })
    return { answer: JSON.parse(String(await page.evaluate('globalThis.answer'))), console: said }
  } finally {
    await browser.close()
  }
}

async function esbuilt(folder: string): Promise<string> {
  const outfile = join(folder, 'out/main.js')
  const entryPoints = [join(folder, 'main.js')]
  await esbuild({ entryPoints, outfile, bundle: true, format: 'iife', platform: 'browser', logLevel: 'silent' })
  return outfile
}

describe.each([
  ['esbuild', esbuilt],
  ['rolldown', (folder: string) => rolled(folder, 'browser')],
  ['vite', vited],
] as const)('a bundle for browsers by %s', (_, bundled) => {
  let file: string
  beforeAll(async () => {
    file = await bundled(project())
  }, 120_000)
  test('has no module of Node in it, and none of what reports and runs are made of', () => {
    const text = readFileSync(file, 'utf8')
    expect(text).not.toMatch(/(from|import|import\()\s*["']node:/)
    expect(text).not.toMatch(/apache-arrow|@observablehq|linkedom|commander/)
    expect(text.length).toBeLessThan(1_500_000)
  })
  test.skipIf(!chromium)(
    'runs in Chromium without isolation from other origins: on the engine, without a word, and to the same bits as here',
    async () => {
      const found = await inChromium(file)
      expect(found.answer).toEqual({ ...expected('fast'), isolated: false, bits: bitsOf() })
      expect(found.console.filter((line) => !line.startsWith('log'))).toEqual([])
    },
    60_000,
  )
  test.skipIf(!chromium)(
    'where a page forbids WebAssembly the reference answers, and one warning says so',
    async () => {
      const found = await inChromium(file, "script-src 'unsafe-inline'")
      expect(found.answer).toMatchObject(expected('reference'))
      expect(found.console.filter((line) => line.startsWith('error'))).toEqual([])
      expect(found.console.filter((line) => line.includes('RANK_BENCH_NO_ENGINE'))).toHaveLength(1)
    },
  )
})

test.skipIf(!chromium)(
  'tensors of TensorFlow.js in a page, by vite',
  async () => {
    const { answer, console: said } = await inChromium(await vited(project(tensors)))
    expect(answer).toEqual({ engine: 'fast', ranks: [3, 1.25, 1.75], gradient: [0, 0.25, -0.25] })
    expect(said.filter((line) => /^(error|warn)/.test(line))).toEqual([])
  },
  120_000,
)

test('a bundle for Node runs on the reference and says what a bundler must do; with kernels.wasm beside it, on the engine', async () => {
  const folder = project()
  const file = await rolled(folder, 'node')
  const run = () => spawnSync(process.execPath, [file], { encoding: 'utf8', cwd: folder })
  const lost = run()
  expect(JSON.parse(lost.stdout)).toMatchObject(expected('reference'))
  expect(lost.stderr).toMatch(/RANK_BENCH_NO_ENGINE.*kernels(.|\n)*kernels\.wasm beside the bundle/)
  // import.meta.url of a chunk is that of the chunk.
  const chunks = readdirSync(join(folder, 'out'))
  expect(chunks).toContain('main.js')
  copyFileSync(resolve('dist/engine/kernels.wasm'), join(folder, 'out/kernels.wasm'))
  const kept = run()
  expect(JSON.parse(kept.stdout)).toMatchObject(expected('fast'))
  expect(kept.stderr).toBe('')
}, 120_000)
