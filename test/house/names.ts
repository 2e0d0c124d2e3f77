/** Names of experiments, systems and operators that stand as texts where they do not belong. */

import { type Literal, lineOf, literalsOf, type Node, type Source, walk } from './source.ts'

/** The folder that declares a name, in `name: '...'` of an experiment. */
function folderOf(sources: readonly Source[], name: string): string | undefined {
  const declared = new RegExp(`^  name: '${name}',$`, 'm')
  const home = sources.find(({ file, text }) => file.startsWith('experiments/') && declared.test(text))
  return home?.file.slice(0, home.file.lastIndexOf('/') + 1)
}

/**
 * Texts that are the name of an experiment outside of its folder.
 * @param homes names, with other rooms in which the same word means something else
 */
export function namesOutside(sources: readonly Source[], homes: ReadonlyMap<string, readonly string[]>): Literal[] {
  const folders = new Map([...homes.keys()].map((name) => [name, folderOf(sources, name)]))
  const isHome = (file: string, name: string): boolean => {
    const folder = folders.get(name)
    return (folder !== undefined && file.startsWith(folder)) || homes.get(name)!.some((home) => file.startsWith(home))
  }
  return sources
    .flatMap((source) => literalsOf(source))
    .filter(({ file, text }) => homes.has(text) && !isHome(file, text))
    .sort((a, b) => a.file.localeCompare(b.file))
}

/** Texts that are one of `names`, or, where that ends with a colon, begin with it; a pattern may begin at the start or a choice. */
export function prefixesOutside(source: Source, names: readonly string[], homes: readonly string[]): Literal[] {
  if (homes.some((home) => source.file.startsWith(home))) return []
  return literalsOf(source).filter(({ text }) => {
    const bare = text.replace(/^\^?\(?(\?:)?/, '')
    return names.some((name) => text === name || (name.endsWith(':') && bare.startsWith(name)))
  })
}

const isText = (node: Node): boolean => node.type === 'Literal' && typeof node.value === 'string'

const isSystem = ({ type, name, property }: Node): boolean =>
  (type === 'Identifier' && name === 'system') || (type === 'MemberExpression' && (property as Node).name === 'system')

/** Where a `system` is compared with a text, or is one. */
export function systemsInCode(sources: readonly Source[]): { readonly file: string; readonly line: number }[] {
  const found: { file: string; line: number }[] = []
  for (const { file, text, tree } of sources) {
    walk(tree, (node) => {
      const { left, right, key, value } = node as Node & Record<string, Node>
      const compared =
        node.type === 'BinaryExpression' && ((isSystem(left) && isText(right)) || (isText(left) && isSystem(right)))
      const written = node.type === 'Property' && key.name === 'system' && isText(value)
      if (compared || written) found.push({ file, line: lineOf(text, node.start) })
    })
  }
  return found
}
