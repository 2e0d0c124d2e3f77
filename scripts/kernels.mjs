// Compiles the kernels of the engine to one WASM file next to the module that loads it, writes the table that the host is
// checked against (src/engine/kernel-table.ts), and prints the size of both.
//
// Read from src/**/*.as.ts:
//
//   export class XTask extends Task { name: type }            what a kernel is told; a field of the type of an enum is a choice
//   export function name<T>(task: XTask, n: i32, x: usize, ...): void       a kernel, one row; it answers f64 where it is a loss
//   export function name<T>(task: XTask, first: i32, end: i32): void        one that takes all rows at once
//   export function xScratch(task: XTask, n: i32): usize      bytes of scratch that rows of up to n items want
//   export function xState(task: XTask, n: i32): usize        bytes that a row of n items leaves for its backward pass
//   export function name<T>(table: usize, length: i32): void  writes a table of constants, f64[length]
//
// A kernel names what it wants of its row (offers, below). It is compiled for both precisions, as name_f32 and name_f64; the loop
// over the rows is written here, so that outside all have one signature: (task, first row, end row, scratch).
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { main } from 'assemblyscript/asc'

const folder = 'src'
const target = 'src/engine/kernels.wasm'
const unshared = 'src/engine/kernels-unshared.wasm'
const carried = 'src/engine/carried-kernels.ts'
const table = 'src/engine/kernel-table.ts'
const entry = join(folder, 'entry.ts')
const library = 'engine/library'

const sources = readdirSync(folder, { recursive: true })
  .filter((file) => file.endsWith('.as.ts'))
  .sort()
  .map((file) => ({ module: file.slice(0, -'.ts'.length), text: readFileSync(join(folder, file), 'utf8') }))

const matches = (pattern) =>
  sources.flatMap(({ module, text }) => [...text.matchAll(pattern)].map((match) => ({ module, match })))

/** Members of an enum by name, in order. */
function membersOf(body) {
  const members = {}
  let next = 0
  for (const [, name, value] of body.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').matchAll(/(\w+)(?:\s*=\s*(-?\d+))?/g)) {
    members[name] = value === undefined ? next : Number(value)
    next = members[name] + 1
  }
  return members
}

const enums = new Map(
  matches(/^export (?:const )?enum (\w+) \{([^}]*)\}/gm).map(({ match }) => [match[1], membersOf(match[2])]),
)

const widths = { usize: 4, i32: 4, u32: 4, bool: 1, f64: 8 }
const typeOf = (type) => (enums.has(type) ? 'i32' : type)

function fieldsOf(name, body) {
  const lines = body.replaceAll(/\/\*[\s\S]*?\*\//g, '').split('\n')
  return lines.flatMap((line) => {
    if (line.trim() === '') return []
    const [, field, type] = line.match(/^\s*(\w+): (\w+);?\s*$/) ?? []
    if (!field || !(typeOf(type) in widths)) throw new Error(`${name}: cannot read the field "${line.trim()}"`)
    return [{ field, type }]
  })
}

const classes = new Map(
  matches(/^export class (\w*Task)(?: extends (\w+))? \{(\}|\n[\s\S]*?^\})/gm).map(({ module, match }) => {
    const [, name, base, body] = match
    return [name, { name, module, base, own: fieldsOf(name, body.slice(0, -1)) }]
  }),
)

/** Fields of a class and its bases with their offsets, laid out as the compiler does; the entry checks every one of them. */
function layoutOf(name) {
  const { base, own } = classes.get(name)
  const fields = base ? [...layoutOf(base).fields] : []
  let end = base ? layoutOf(base).end : 0
  for (const { field, type } of own) {
    const width = widths[typeOf(type)]
    end = Math.ceil(end / width) * width
    fields.push({ field, type, at: end })
    end += width
  }
  return { fields, end }
}

/** What a kernel may want of its row, in terms of the row's number q; T stands for its type. */
const offers = {
  row: 'q',
  from: 'from',
  n: 'n',
  x: 'ptr<T>(task.x, from)',
  y: 'ptr<T>(task.y, from)',
  yBar: 'ptr<T>(task.yBar, from)',
  // Where the output has not one entry an item.
  entries: 'ptr<T>(task.y, i32(at<u32>(task.outputs, q)))',
  entriesBar: 'ptr<T>(task.yBar, i32(at<u32>(task.outputs, q)))',
  xBar: 'ptr<T>(task.xBar, from)',
  labels: 'ptr<T>(task.labels, from)',
  weights: 'ptr<T>(task.weights, from)',
  order: 'ptr<u32>(task.order, from)',
  // Losses: what lossState makes room for.
  gradient: 'ptr<f64>(task.state, from)',
  state: 'ptr<u64>(task.state, i32(at<u32>(task.states, q)))',
  scratch: 'scratch',
}
/** What one that takes all rows at once wants instead. */
const whole = ['first', 'end']

const parameter = /^_?(\w+): \w+$/

/** Kernels are the exported generic functions whose first parameter is a task; they name what they want. */
const declaration = /^export function (\w+)<T>\(\s*_?task: (\w+),\s*([^)]*?),?\s*\): (void|f64)/gm

const kernels = matches(declaration).map(({ module, match: [, name, task, parameters, answer] }) => {
  const wanted = parameters.split(/,\s*/).map((each) => each.match(parameter)?.[1])
  const unknown = wanted.find((each) => !(each in offers || whole.includes(each)))
  if (unknown !== undefined)
    throw new Error(`${name} wants ${unknown}; a kernel may want ${Object.keys(offers).join(', ')}`)
  return { module, name, task, wanted, answer }
})
const writers = matches(/^export function (\w+)<T>\(table: usize, _?length: i32\): void/gm)
const sizes = matches(/^export function (\w+(?:Scratch|State))\(\s*_?task: (\w+),\s*_?n: i32,?\s*\): usize/gm)

const sizeOf = (task, kind) => {
  const found = sizes.filter(({ match }) => match[2] === task && match[1].endsWith(kind))
  if (found.length > 1) throw new Error(`${task} has several sizes: ${found.map(({ match }) => match[1]).join(', ')}`)
  if (found.length === 1) return found[0]
  const { base } = classes.get(task)
  return base && base !== 'Task' ? sizeOf(base, kind) : undefined
}

const used = [...new Set(kernels.map(({ task }) => task))]
for (const { name, task } of kernels) if (!classes.has(task)) throw new Error(`${name}: no class is called ${task}`)

/**
 * The source of a module with its kernels put into the loop over their rows. V8 unrolls a loop up to a size that grows with how deep
 * it is nested: in a function of its own, each loop of a kernel is one level less deep, and NeuralSort is 8 % slower.
 */
const intoTheLoop = (text) => text.replaceAll(declaration, '@inline\n$&')

/** A kernel for one precision, with the loop over its rows. */
function exportOf({ name, task, wanted, answer }, type) {
  const sorts = layoutOf(task).fields.some(({ field }) => field === 'reuse')
  const given = ['task', ...wanted.map((each) => offers[each]?.replace('<T>', `<${type}>`) ?? each)]
  const call = `${name}_<${type}>(${given.join(', ')})`
  const rows = [
    '  for (let q = first; q < end; q++) {',
    '    const from = i32(at<u32>(task.offsets, q))',
    '    const n = i32(at<u32>(task.offsets, q + 1)) - from',
    answer === 'f64' ? `    store<f64>(ptr<f64>(task.y, q), ${call})` : `    ${call}`,
    '  }',
  ]
  return [
    `export function ${name}_${type}(task: ${task}, first: i32, end: i32, scratch: usize): void {`,
    ...(sorts ? ['  tryOrder(task.reuse != 0)'] : []),
    ...(whole.some((each) => wanted.includes(each)) ? [`  ${call}`] : rows),
    '}',
  ]
}

function entrySource() {
  const lines = [
    `import { at, ptr } from './${library}/task.as'`,
    `import { tryOrder } from './${library}/argsort.as'`,
    ...used.map((name) => `import { ${name} } from './${classes.get(name).module}'`),
  ]
  for (const { module, match } of sizes) lines.push(`export { ${match[1]} } from './${module}'`)
  for (const { module, name } of kernels) lines.push(`import { ${name} as ${name}_ } from './${module}'`)
  for (const kernel of kernels) for (const type of ['f32', 'f64']) lines.push(...exportOf(kernel, type))
  for (const { module, match } of writers) {
    const [, name] = match
    lines.push(`import { ${name} as ${name}_ } from './${module}'`)
    for (const type of ['f32', 'f64']) {
      lines.push(
        `export function ${name}_${type}(table: usize, length: i32): void { ${name}_<${type}>(table, length) }`,
      )
    }
  }
  lines.push(`export function layoutVersion(): i32 { return ${layoutVersion()} }`)
  lines.push('export function firstFree(): usize { return __heap_base }')
  for (const name of used) {
    for (const { field, at } of layoutOf(name).fields) {
      lines.push(`if (offsetof<${name}>('${field}') != ${at}) ERROR('${name}.${field} is not at ${at}')`)
    }
  }
  return lines.join('\n')
}

function tablesOf() {
  const tasks = {}
  for (const name of used) {
    const { fields, end } = layoutOf(name)
    const slots = new Set(
      name === 'Task' ? [] : extendsTask(name) ? layoutOf('Task').fields.map(({ field }) => field) : [],
    )
    tasks[name] = {
      bytes: Math.ceil(end / 8) * 8,
      scratch: sizeOf(name, 'Scratch')?.match[1] ?? '',
      state: sizeOf(name, 'State')?.match[1] ?? '',
      fields: Object.fromEntries(
        fields
          .filter(({ field }) => !slots.has(field))
          .map(({ field, type, at }) => [
            field,
            enums.has(type) ? { at, type: 'i32', choices: enums.get(type) } : { at, type },
          ]),
      ),
    }
  }
  const slots = Object.fromEntries(layoutOf('Task').fields.map(({ field, type, at }) => [field, { at, type }]))
  const kernelTasks = Object.fromEntries(kernels.map(({ name, task }) => [name, task]))
  return { slots, tasks, kernelTasks, tableWriters: writers.map(({ match }) => match[1]) }
}

/** A digest of all that a host writes by, as a positive number of 31 bits. */
function layoutVersion() {
  return createHash('sha256').update(JSON.stringify(tablesOf())).digest().readUInt32BE() >>> 1
}

function tableSource() {
  const { slots, tasks, kernelTasks, tableWriters } = tablesOf()
  const literal = (value) => JSON.stringify(value, null, 2)
  return `// Written by scripts/kernels.mjs from the kernels (src/**/*.as.ts): what each is told, and where it stands in its task.

/** What all tasks begin with. */
export const slots = ${literal(slots)} as const

/** Tasks: their size, the exports that answer how much scratch and state they want ('' for none), and their fields. */
export const tasks = ${literal(tasks)} as const

/** Kernels, and the task that each takes. */
export const kernelTasks = ${literal(kernelTasks)} as const

/** Exports that write a table of constants at an address, entries of f64, in either precision. */
export const tableWriters = ${literal(tableWriters)} as const

/** What the export of that name answers in a module that this file was written with. */
export const layoutVersion = ${layoutVersion()}
`
}

function extendsTask(name) {
  const { base } = classes.get(name)
  return base === 'Task' || (base !== undefined && extendsTask(base))
}

async function compile(outFile, flags) {
  const { error, stderr } = await main(
    [
      entry,
      ...['--outFile', outFile],
      ...[
        '--runtime',
        'stub',
        '--use',
        'abort=',
        '--noAssert',
        '-O3',
        '--converge',
        '--enable',
        'simd',
        '--importMemory',
      ],
      ...['--initialMemory', '1', '--maximumMemory', '65536'],
      ...flags,
    ],
    {
      readFile(name, base) {
        if (name === entry) return entrySource()
        try {
          return intoTheLoop(readFileSync(join(base, name), 'utf8'))
        } catch {
          return null
        }
      },
    },
  )
  if (error) {
    console.error(stderr.toString() || error.message)
    process.exit(1)
  }
  return readFileSync(outFile)
}

/** Compiling takes a quarter of a minute: what was compiled from the same sources, by this script and that compiler, is taken again. */
async function compiled(outFile, flags) {
  const compiler = readFileSync('node_modules/assemblyscript/package.json', 'utf8')
  const parts = [readFileSync(new URL(import.meta.url), 'utf8'), compiler, flags.join(' '), JSON.stringify(sources)]
  const digest = createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16)
  const kept = join('node_modules', '.cache', 'rank-bench', `kernels-${digest}.wasm`)
  if (existsSync(kept)) {
    copyFileSync(kept, outFile)
    return readFileSync(kept)
  }
  const bytes = await compile(outFile, flags)
  mkdirSync(dirname(kept), { recursive: true })
  writeFileSync(`${kept}.${process.pid}`, bytes)
  renameSync(`${kept}.${process.pid}`, kept)
  return bytes
}

/** A number of the binary format (LEB128) at `at`, and where the next thing stands. */
function readNumber(bytes, at) {
  let [value, shift] = [0, 0]
  for (; ; at++, shift += 7) {
    value += (bytes[at] & 127) * 2 ** shift
    if (bytes[at] < 128) return [value, at + 1]
  }
}

/** Where the flags of the imported memory stand: in section 2, after two names and the kind 2. */
function memoryFlags(bytes) {
  for (let at = 8; at < bytes.length; ) {
    const section = bytes[at]
    const [size, start] = readNumber(bytes, at + 1)
    if (section !== 2) {
      at = start + size
      continue
    }
    let [imports, entry] = readNumber(bytes, start)
    for (let names = 0; names < 2; names++) {
      const [length, name] = readNumber(bytes, entry)
      entry = name + length
    }
    if (imports === 1 && bytes[entry] === 2) return entry + 1
    break
  }
  throw new Error('the module imports something else than one memory')
}

/**
 * The same module for a memory that is not shared: nothing in it is atomic and nothing starts threads, so that only the flags of its
 * import say that the memory is shared (3: shared and bounded; 1: bounded).
 */
function withoutSharing(bytes) {
  const copy = Uint8Array.from(bytes)
  const at = memoryFlags(copy)
  if (copy[at] !== 3) throw new Error(`the memory has flags ${copy[at]}; expected 3, shared and bounded`)
  copy[at] = 1
  if (!WebAssembly.validate(copy)) throw new Error('the kernels are no module without a shared memory')
  return copy
}

writeFileSync(table, tableSource())
const shared = await compiled(target, ['--enable', 'threads', '--sharedMemory'])
console.log(`${target}: ${shared.length} bytes, ${gzipSync(shared).length} gzipped`)
const alone = withoutSharing(shared)
writeFileSync(unshared, alone)
writeFileSync(
  carried,
  `/** Written by scripts/kernels.mjs: the module for a memory that is not shared, in base64, for bundles that cannot carry a file. */
export const carriedKernels: string = '${Buffer.from(alone).toString('base64')}'
`,
)
