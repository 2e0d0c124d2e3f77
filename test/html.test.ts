/** Pages in a real browser: nothing on the console, sorting, filtering, links, accessibility, phones, both colour schemes. */

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { html } from '../src/report/formats/html.ts'
import { left, right, text } from '../src/report/table.ts'
import { chromium } from './chromium.ts'
import { binary, rankBench, temporaryFolder } from './harness.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const evil = `<img src=x onerror="document.title='hit'"></script><script>document.title='hit'</script>`
const hostile = html(
  [
    {
      id: 'conclusion',
      title: 'Conclusion',
      about: [],
      columns: [left('of'), left('what')],
      rows: [
        [text('fastest'), text(evil)],
        [text('files'), text('out/')],
      ],
      notes: [],
    },
    {
      id: evil,
      title: evil,
      about: [evil],
      columns: [left(evil), right('number')],
      rows: [
        [text(evil), { text: '10', data: 10 }],
        [text('\u202ename\u0007'), { text: '9', data: 9 }],
        [text('none'), { text: 'skipped', data: null }],
      ],
      notes: [evil],
    },
  ],
  [{ title: evil, svg: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>' }],
  { name: evil, facts: [['machine', evil]], measurements: [], samples: evil },
)

/** What a page must not say. */
interface Opened {
  readonly page: Page
  readonly said: string[]
}

async function open(browser: Browser, path: string, width = 1280, scheme = 'light'): Promise<Opened> {
  const page = await browser.newPage()
  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  page.on('pageerror', (error) => said.push(String(error)))
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) said.push(`asked for ${request.url()}`)
  })
  await page.setViewport({ width, height: 844 })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
  await page.goto(pathToFileURL(path).href)
  return { page, said }
}

/** What is looked at for long: the first rows, pictures and cells, opened; the others are made alike. */
const fewOfAKind = `
  for (const body of document.querySelectorAll('tbody')) [...body.rows].slice(6).forEach((row) => row.remove())
  ;[...document.querySelectorAll('figure')].slice(2).forEach((each) => each.remove())
  const cells = [...document.querySelectorAll('details.cells')]
  cells.forEach((each, i) => (i < 3 ? (each.open = true) : each.remove()))
`

/** Violations that keep somebody from reading the page; the tool runs beside the page, so that its policy stays in force. */
async function serious(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  const violations = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as {
    readonly id: string
    readonly impact: string
    readonly nodes: readonly { readonly html: string }[]
  }[]
  return violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`)
}

const ask = <T>(page: Page, code: string): Promise<T> => page.evaluate(code) as Promise<T>
const column = (page: Page, at: number): Promise<string[]> =>
  ask(
    page,
    `[...document.querySelector('table.data').tBodies[0].rows].filter((row) => !row.hidden).map((row) => row.cells[${at}].textContent)`,
  )
const clickHead = (page: Page, at: number): Promise<void> =>
  ask(page, `document.querySelector('table.data').tHead.rows[0].cells[${at}].querySelector('button').click()`)

describe.skipIf(!chromium)('a page in a browser', () => {
  const folder = temporaryFolder()
  const speed = join(folder, 'speed.html')
  const attacked = join(folder, 'hostile.html')
  let browser: Browser
  beforeAll(async () => {
    expect(rankBench(['report', resolve('results/speed'), '--format', 'html', '-o', speed]).code).toBe(0)
    writeFileSync(attacked, hostile)
    browser = await puppeteer.launch({ executablePath: chromium!, args: ['--no-sandbox'] })
  })
  afterAll(() => browser?.close())

  test.each([
    [390, 'light'],
    [390, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ])(
    'at %i pixels, %s: the console is clean, nothing sticks out, nothing keeps anybody from reading it',
    async (width, scheme) => {
      const { page, said } = await open(browser, speed, width, scheme)
      expect(await ask(page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      await ask(page, fewOfAKind)
      expect(await serious(page)).toEqual([])
      expect(said).toEqual([])
      await page.close()
    },
  )
  test('says run, date and machine, and asks for nothing', async () => {
    const { page } = await open(browser, speed)
    expect(await page.title()).toMatch(/^rank-bench: .+, \d{4}-\d\d-\d\d$/)
    expect(await ask(page, `[...document.querySelectorAll('header dt')].map((each) => each.textContent)`)).toEqual([
      'started',
      'machine',
      'command',
      'cells',
    ])
    const landmarks = `['header', 'nav', 'main', 'caption'].map((name) => document.querySelectorAll(name).length > 0)`
    expect(await ask(page, landmarks)).toEqual([true, true, true, true])
    await page.close()
  })
  test('sorts by numbers in full, what has none last, and back into the order it came in', async () => {
    const { page, said } = await open(browser, attacked)
    const before = await column(page, 1)
    expect(before).toEqual(['10', '9', 'skipped'])
    await clickHead(page, 1)
    expect(await column(page, 1)).toEqual(['9', '10', 'skipped'])
    expect(await ask(page, `document.querySelectorAll('th')[1].getAttribute('aria-sort')`)).toBe('ascending')
    await clickHead(page, 1)
    expect(await column(page, 1)).toEqual(['10', '9', 'skipped'])
    expect(await ask(page, `document.querySelectorAll('th')[1].getAttribute('aria-sort')`)).toBe('descending')
    await clickHead(page, 1)
    expect(await column(page, 1)).toEqual(before)
    expect(said).toEqual([])
    await page.close()
  })
  test('begins with the conclusion, a line a row', async () => {
    const { page } = await open(browser, attacked)
    const lines = `[...document.querySelector('main').firstElementChild.querySelectorAll('p')].map((each) => each.textContent)`
    expect(await ask(page, lines)).toEqual([`fastest: ${evil}`, 'files: out/'])
    expect(await ask(page, `document.querySelectorAll('table.data').length`)).toBe(1)
    await page.close()
  })
  test('filters rows by all words typed, and counts them', async () => {
    const { page } = await open(browser, speed)
    const all = await column(page, 0)
    const word = all[all.length - 1].split(/[[:,\s]/)[0]
    await page.type('input[type=search]', `${word.toUpperCase()} `)
    const kept = await column(page, 0)
    expect(kept.length).toBeGreaterThan(0)
    expect(kept).toEqual(
      await ask(
        page,
        `[...document.querySelector('table.data').tBodies[0].rows].filter((row) => row.textContent.toLowerCase().includes('${word.toLowerCase()}')).map((row) => row.cells[0].textContent)`,
      ),
    )
    await page.type('input[type=search]', 'no row says this')
    expect(await column(page, 0)).toEqual([])
    expect(await ask(page, `document.querySelector('output').textContent`)).toBe(`0 of ${all.length} rows`)
    await page.close()
  })
  test('leads from a row to its command and its samples', async () => {
    const { page } = await open(browser, speed)
    const href = await ask<string>(page, `document.querySelector('tbody th a[href^="#m-"]').getAttribute('href')`)
    await ask(page, `document.querySelector('tbody th a[href="${href}"]').click()`)
    await page.waitForFunction(`document.querySelector('${href}').closest('details').open`)
    const block = await ask<string>(page, `document.querySelector('${href}').textContent`)
    expect(block).toMatch(/rank-bench run -e 'speed\[/)
    expect(block).toContain('time.forward+backward')
    expect(block).toMatch(/measured.*seed 1 [0-9a-f]{16}/)
    await page.close()
  })
  test('keeps first column and header in sight', async () => {
    const { page } = await open(browser, speed, 390)
    const moved = await ask<number[]>(
      page,
      `(() => {
        const table = [...document.querySelectorAll('table.data')].find((each) => each.rows.length > 30 && each.offsetWidth > 400)
        const box = table.parentElement
        box.scrollTo(150, 500)
        const [head, first, outer] = [table.tHead.rows[0].cells[0], table.tBodies[0].rows[15].cells[0], box].map((each) => each.getBoundingClientRect())
        return [head.top - outer.top, head.left - outer.left, first.left - outer.left, box.scrollLeft, box.scrollTop]
      })()`,
    )
    expect(moved.slice(0, 3).every((distance) => Math.abs(distance) <= 2)).toBe(true)
    expect(moved.slice(3).every((distance) => distance > 100)).toBe(true)
    await page.close()
  })
  test('runs nothing that a name brings along', async () => {
    const { page, said } = await open(browser, attacked)
    expect(await page.title()).not.toBe('hit')
    expect(await ask(page, `document.querySelectorAll('img, main script').length`)).toBe(0)
    expect(await ask(page, `document.querySelectorAll('h2')[1].textContent`)).toBe(evil)
    expect(hostile).toContain('\\u202ename\\x07')
    await ask(
      page,
      `document.body.append(Object.assign(document.createElement('script'), { textContent: "document.title = 'hit'" }))`,
    )
    expect(await page.title()).not.toBe('hit')
    expect(said.join()).toContain('Content Security Policy')
    await page.close()
  })
})

test('the command of a row measures the same cells again', () => {
  const folder = temporaryFolder()
  const [first, again, page] = ['first', 'again', 'page.html'].map((name) => join(folder, name))
  const method = [
    '-m',
    'rank:permutahedron[strength=0.1]',
    '-d',
    'sorting[n=10]',
    '--precision',
    'f32',
    '--seeds',
    '3,4',
  ]
  expect(rankBench(['run', '-e', 'latency', ...method, '--profile', 'quick', '--out', first]).code).toBe(0)
  expect(rankBench(['report', first, '--format', 'html', '-o', page]).code).toBe(0)
  const commands = [...readFileSync(page, 'utf8').matchAll(/<pre>rank-bench (.*?)<\/pre>/g)]
  const keys = (out: string): string[] =>
    JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')).cells.map(({ key }: { key: string }) => key)
  const measured = commands.flatMap(([, command], at) => {
    const out = `${again}${at}`
    const line = command.replaceAll('&#39;', "'").replaceAll('&gt;', '>').replaceAll('&amp;', '&')
    execFileSync('sh', ['-c', `"${process.execPath}" "${binary}" ${line} --out "${out}"`], { stdio: 'pipe' })
    return keys(out)
  })
  expect(measured.sort()).toEqual(keys(first).sort())
  expect(commands.length).toBe(1)
})

test('the command of a row names the folds that were measured and the plug-ins that it needs', () => {
  const folder = temporaryFolder()
  const plugin = resolve('examples/dataset.mjs')
  const suites = [
    {
      experiment: 'letor[scorer=linear,trials=1,steps=20,check=10,patience=20]',
      methods: ['loss:listnet'],
      datasets: ['synthetic-letor[queries=40,features=6]'],
      folds: ['fold2', 'fold4'],
    },
    { experiment: 'latency', methods: ['rank:sigmoid'], datasets: ['two-crowds'] },
  ]
  writeFileSync(join(folder, 'c.json'), JSON.stringify({ name: 'x', profile: 'quick', plugins: [plugin], suites }))
  const run = rankBench(['run', '-c', 'c.json', '--out', 'first'], { cwd: folder })
  expect(run.code).toBe(0)
  expect(rankBench(['report', 'first', '--format', 'html', '-o', 'page.html'], { cwd: folder }).code).toBe(0)
  const commands = [...readFileSync(join(folder, 'page.html'), 'utf8').matchAll(/<pre>rank-bench (.*?)<\/pre>/g)]
    .map(([, command]) => command.replaceAll('&#39;', "'"))
    .sort()
  expect(commands[1]).toContain('--folds fold2,fold4')
  expect(commands[0]).toContain(`--plugin ${plugin}`)
  expect(commands.filter((command) => command.includes('--plugin'))).toHaveLength(1)
  const keys = (out: string): string[] => {
    const { cells } = JSON.parse(readFileSync(join(folder, out, 'run.json'), 'utf8'))
    return cells.map(({ key }: { key: string }) => key).sort()
  }
  const again = commands.flatMap((command, at) => {
    const line = `"${process.execPath}" "${binary}" ${command} --out again${at}`
    execFileSync('sh', ['-c', line], { stdio: 'pipe', cwd: folder })
    return keys(`again${at}`)
  })
  expect(again.sort()).toEqual(keys('first'))
})
