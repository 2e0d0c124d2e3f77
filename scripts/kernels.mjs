// Compiles the kernels of the engine to one WASM file, next to the module that loads it, and prints its size.
//
// A kernel is an exported generic function `name<T>(task: Task, first: i32, end: i32, scratch: usize)`; it is compiled for
// both precisions and exported as name_f32 and name_f64. Functions called `...Scratch` are exported as they are.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { main } from 'assemblyscript/asc'

const folder = 'src'
const target = 'src/engine/kernels.wasm'
const entry = join(folder, 'entry.ts')
const task = 'engine/library/task.as.ts'

function exportsOf(file) {
  const source = readFileSync(join(folder, file), 'utf8')
  const module = file.slice(0, -'.ts'.length)
  const kernels = [...source.matchAll(/^export function (\w+)<T>\(task: Task, first: i32/gm)].map((match) => match[1])
  const sizes = [...source.matchAll(/^export function (\w+Scratch)\(/gm)].map((match) => match[1])
  const lines = []
  if (kernels.length > 0) lines.push(`import { ${kernels.join(', ')} } from './${module}';`)
  if (kernels.length > 0 && sizes.length > 0) lines.push(`export { ${sizes.join(', ')} } from './${module}';`)
  for (const kernel of kernels) {
    for (const type of ['f32', 'f64']) {
      lines.push(`export function ${kernel}_${type}(task: Task, first: i32, end: i32, scratch: usize): void {`)
      lines.push('  tryOrder(task.reuse != 0);', `  ${kernel}<${type}>(task, first, end, scratch);`, '}')
    }
  }
  return lines.join('\n')
}

function entrySource() {
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.as.ts') && file !== task)
  return `import { Task } from './engine/library/task.as';\nimport { tryOrder } from './engine/library/argsort.as';\n${files.sort().map(exportsOf).join('\n')}`
}

const { error, stderr } = await main(
  [
    entry,
    ...['--outFile', target],
    ...['--runtime', 'stub', '--use', 'abort=', '--noAssert', '-O3', '--converge'],
    ...['--enable', 'simd', '--enable', 'threads', '--importMemory', '--sharedMemory'],
    ...['--initialMemory', '1', '--maximumMemory', '65536'],
  ],
  {
    readFile(name, base) {
      if (name === entry) return entrySource()
      try {
        return readFileSync(join(base, name), 'utf8')
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
const bytes = readFileSync(target)
console.log(`${target}: ${bytes.length} bytes, ${gzipSync(bytes).length} gzipped`)
