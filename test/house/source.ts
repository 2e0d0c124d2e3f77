/** The sources as trees: what each file imports, exports, says and how long its functions are. Read once for all laws. */

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseAst } from 'vitest/node'

/** A node of the tree that the parser gives: ESTree with the types of TypeScript. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

export interface Source {
  /** Path below `src`, with slashes. */
  readonly file: string
  readonly text: string
  readonly tree: Node
}

export const isKernel = (file: string): boolean => file.endsWith('.as.ts')
export const isTest = (file: string): boolean => file.endsWith('.test.ts')

/** AssemblyScript has decorators on functions, which no other parser takes: blanks of the same length stand for them. */
const withoutDecorators = (text: string): string =>
  text.replace(
    /^(\s*)(@\w+(\([^)\n]*\))?)/gm,
    (_, space: string, decorator: string) => space + ' '.repeat(decorator.length),
  )

/** @throws on text that is no TypeScript */
export const parse = (file: string, text: string): Source => ({
  file,
  text,
  tree: parseAst(isKernel(file) ? withoutDecorators(text) : text, { lang: 'ts' }) as unknown as Node,
})

/** Every file of a folder that is part of the product, kernels included. */
export function readSources(folder: string): Source[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !isTest(path))
    .sort()
    .map((path) => parse(path, readFileSync(join(folder, path), 'utf8')))
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

/** Calls `visit` with every node below one, parents first. */
export function walk(node: Node, visit: (node: Node, parent: Node | undefined) => void, parent?: Node): void {
  visit(node, parent)
  for (const value of Object.values(node)) {
    if (isNode(value)) walk(value, visit, node)
    else if (Array.isArray(value)) for (const each of value) if (isNode(each)) walk(each, visit, node)
  }
}

export const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length

/** A file that is named from another, and the names that are taken of it; `*` where all may be. */
export interface Import {
  readonly file: string
  /** Path below `src`, or the name of a package. */
  readonly target: string
  readonly names: readonly string[]
}

const nameOf = (node: unknown): string => {
  const { name, value } = node as { name?: string; value?: string }
  return name ?? value ?? ''
}

/** Names that an `await import(...)` is asked for: `(await import(x)).name`, `const { name } = await import(x)`; else all. */
function dynamicNames(node: Node, parents: ReadonlyMap<Node, Node | undefined>): string[] {
  let at = parents.get(node)
  while (at && ['AwaitExpression', 'ParenthesizedExpression'].includes(at.type)) at = parents.get(at)
  if (at?.type === 'MemberExpression' && !at.computed) return [nameOf(at.property)]
  if (at?.type === 'VariableDeclarator' && (at.id as Node).type === 'ObjectPattern') {
    return ((at.id as Node).properties as Node[]).map((each) => nameOf(each.key))
  }
  return ['*']
}

const below = (folder: string, file: string, specifier: string): string =>
  specifier.startsWith('.')
    ? relative(folder, resolve(dirname(join(folder, file)), specifier)).replaceAll('\\', '/')
    : specifier

export function importsOf({ file, tree }: Source, folder = 'src'): Import[] {
  const found: Import[] = []
  const parents = new Map<Node, Node | undefined>()
  const add = (specifier: unknown, names: readonly string[]) =>
    found.push({ file, target: below(folder, file, nameOf(specifier)), names })
  walk(tree, (node, parent) => {
    parents.set(node, parent)
    if (node.type === 'ImportDeclaration') {
      const specifiers = node.specifiers as Node[]
      add(
        node.source,
        specifiers.map((each) => (each.type === 'ImportSpecifier' ? nameOf(each.imported) : '*')),
      )
    } else if (node.type === 'ExportNamedDeclaration' && node.source) {
      add(
        node.source,
        (node.specifiers as Node[]).map((each) => nameOf(each.local)),
      )
    } else if (node.type === 'ExportAllDeclaration') add(node.source, ['*'])
    else if (node.type === 'ImportExpression') add(node.source, dynamicNames(node, parents))
    else if (node.type === 'TSImportType') add((node.source ?? node.argument) as Node, ['*'])
  })
  return found
}

function namesIn(pattern: Node): string[] {
  if (pattern.type === 'Identifier') return [nameOf(pattern)]
  if (pattern.type === 'ObjectPattern') {
    return (pattern.properties as Node[]).flatMap((each) => namesIn((each.value ?? each.argument) as Node))
  }
  return pattern.type === 'ArrayPattern' ? (pattern.elements as Node[]).filter(Boolean).flatMap(namesIn) : []
}

/** Names that a file gives to others. */
export function exportsOf({ tree }: Source): string[] {
  return (tree.body as Node[]).flatMap((node) => {
    if (node.type === 'ExportDefaultDeclaration') return ['default']
    if (node.type !== 'ExportNamedDeclaration') return []
    const declared = node.declaration as Node | null
    if (!declared) return (node.specifiers as Node[]).map((each) => nameOf(each.exported))
    if (declared.type === 'VariableDeclaration') {
      return (declared.declarations as Node[]).flatMap((each) => namesIn(each.id as Node))
    }
    return declared.id ? [nameOf(declared.id)] : []
  })
}

const isFunction = ({ type }: Node): boolean =>
  ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'].includes(type)

export interface Func {
  readonly file: string
  readonly name: string
  readonly line: number
  readonly lines: number
}

/** Every function with the lines from its first to its last; a function within another counts for both. */
export function functionsOf({ file, text, tree }: Source): Func[] {
  const found: Func[] = []
  walk(tree, (node, parent) => {
    if (!isFunction(node)) return
    const named = (node.id ?? parent?.id ?? parent?.key) as Node | undefined
    const line = lineOf(text, node.start)
    found.push({ file, name: named ? nameOf(named) : 'anonymous', line, lines: lineOf(text, node.end) - line + 1 })
  })
  return found
}

export interface Literal {
  readonly file: string
  readonly line: number
  readonly text: string
}

/** Texts that stand in the code: strings, parts of templates, patterns; not specifiers of imports, not types. */
export function literalsOf({ file, text, tree }: Source): Literal[] {
  const found: Literal[] = []
  walk(tree, (node, parent) => {
    if (
      parent &&
      ['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression'].includes(parent.type)
    )
      return
    if (parent?.type === 'TSLiteralType') return
    const literal = textOf(node)
    if (literal !== undefined) found.push({ file, line: lineOf(text, node.start), text: literal })
  })
  return found
}

function textOf(node: Node): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node.type === 'Literal' && node.regex) return (node.regex as { pattern: string }).pattern
  if (node.type === 'TemplateElement') return (node.value as { cooked: string }).cooked
  return undefined
}
