/** Files as a graph: circles of imports, and exports that nobody takes. */

import { exportsOf, type Import, importsOf, type Source } from './source.ts'

interface Linked {
  readonly file: string
  readonly imports: readonly Import[]
}

/** Groups of files that reach each other, each in order of their names (Tarjan's strongly connected components). */
export function circlesOf(files: readonly Linked[]): string[][] {
  const arrows = new Map(files.map(({ file, imports }) => [file, imports.map(({ target }) => target)]))
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const circles: string[][] = []
  const visit = (file: string): void => {
    index.set(file, index.size)
    low.set(file, index.get(file)!)
    stack.push(file)
    for (const next of arrows.get(file)!) {
      if (!arrows.has(next)) continue
      if (!index.has(next)) visit(next)
      if (stack.includes(next)) low.set(file, Math.min(low.get(file)!, low.get(next)!))
    }
    if (low.get(file) !== index.get(file)) return
    const circle = stack.splice(stack.indexOf(file))
    if (circle.length > 1) circles.push(circle.sort())
  }
  for (const file of arrows.keys()) if (!index.has(file)) visit(file)
  return circles
}

/** `dist/x.js`, as a script imports it, is `x.ts` of the sources. */
const ofBuild = ({ target, names }: Import): Pick<Import, 'target' | 'names'> => ({
  target: target.replace(/^\.\.\/dist\//, '').replace(/\.js$/, '.ts'),
  names,
})

/** `file: name` of every export that neither a file of the product nor a script takes; tests do not count. */
export function unusedExports(
  product: readonly Source[],
  scripts: readonly Source[],
  entrances: readonly string[],
): string[] {
  const taken = new Set<string>()
  const imports = [
    ...product.flatMap((source) => importsOf(source)),
    ...scripts.flatMap((source) => importsOf(source)).map(ofBuild),
  ]
  for (const { target, names } of imports) for (const name of names) taken.add(`${target}: ${name}`)
  return product
    .filter(({ file }) => !entrances.includes(file))
    .flatMap((source) =>
      taken.has(`${source.file}: *`) ? [] : exportsOf(source).map((name) => `${source.file}: ${name}`),
    )
    .filter((each) => !taken.has(each))
}
