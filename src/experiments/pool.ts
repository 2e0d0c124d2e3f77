/** Things that are made when first asked for, and shared by all who ask for the same. */

interface Pool<T> {
  at(key: number): T
  dispose(): void
}

export function createPool<T extends { dispose(): void }>(make: (key: number) => T): Pool<T> {
  const made = new Map<number, T>()
  return {
    at(key) {
      const found = made.get(key) ?? make(key)
      made.set(key, found)
      return found
    },
    dispose() {
      for (const each of made.values()) each.dispose()
    },
  }
}
