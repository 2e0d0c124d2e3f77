/**
 * Seeded random streams. A stream is named, so that adding a consumer never shifts another one's numbers.
 * Generator: sfc32 (C. Doty-Humphrey, PractRand; public domain), 128 bits of state.
 */

/** An array of anything, typed ones too. */
interface MutableList {
  readonly length: number
  // biome-ignore lint/suspicious/noExplicitAny: items are moved and never looked at
  [index: number]: any
}

export interface Random {
  /** Uniform on [0, 1). */
  uniform(): number
  /** Standard normal. */
  normal(): number
  /** Uniform integer on [0, below). */
  integer(below: number): number
  /** Fisher-Yates, in place; returns its argument. */
  shuffle<List extends MutableList>(items: List): List
}

/** FNV-1a of a string, 32 bits, from a given offset basis. */
function hash32(text: string, basis: number): number {
  let hash = basis >>> 0
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193) >>> 0
  }
  return hash
}

function sfc32(a: number, b: number, c: number, d: number): () => number {
  const next = () => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 15; i++) next()
  return next
}

/** The stream called `name` under `seed`. Equal arguments give equal numbers on every machine. */
export function randomStream(seed: number, name: string): Random {
  const next = sfc32(hash32(name, 0x811c9dc5), hash32(`${seed}`, 0x9e3779b9), hash32(`${name}/${seed}`, 0x85ebca6b), 1)
  const uniform = () => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53
  let spare: number | undefined
  // Marsaglia's polar method: two normals at a time.
  const normal = () => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    for (;;) {
      const u = 2 * uniform() - 1
      const v = 2 * uniform() - 1
      const s = u * u + v * v
      if (s === 0 || s >= 1) continue
      const scale = Math.sqrt((-2 * Math.log(s)) / s)
      spare = v * scale
      return u * scale
    }
  }
  const integer = (below: number) => Math.floor(uniform() * below)
  const shuffle = <List extends MutableList>(items: List): List => {
    for (let i = items.length - 1; i > 0; i--) {
      const j = integer(i + 1)
      const held = items[i]
      items[i] = items[j]
      items[j] = held
    }
    return items
  }
  return { uniform, normal, integer, shuffle }
}
