/** Free stretches of a memory: the first that is large enough is taken from, and neighbours become one again. */

interface Gap {
  start: number
  bytes: number
}

interface Gaps {
  /** Start of a free stretch of this many bytes, which is free no more; undefined where there is none. */
  take(bytes: number): number | undefined
  /** Makes a stretch free. */
  add(start: number, bytes: number): void
  /** Free bytes that end at an address. */
  before(end: number): number
}

export function createGaps(): Gaps {
  /** Sorted by address; no two touch. */
  const gaps: Gap[] = []
  const joinWithNext = (at: number): void => {
    const [gap, next] = [gaps[at], gaps[at + 1]]
    if (!next || gap.start + gap.bytes !== next.start) return
    gap.bytes += next.bytes
    gaps.splice(at + 1, 1)
  }
  return {
    take(bytes) {
      const at = gaps.findIndex((gap) => gap.bytes >= bytes)
      if (at < 0) return undefined
      const { start } = gaps[at]
      gaps[at].start += bytes
      gaps[at].bytes -= bytes
      if (gaps[at].bytes === 0) gaps.splice(at, 1)
      return start
    },
    add(start, bytes) {
      let at = gaps.findIndex((gap) => gap.start > start)
      if (at < 0) at = gaps.length
      gaps.splice(at, 0, { start, bytes })
      joinWithNext(at)
      if (at > 0) joinWithNext(at - 1)
    },
    before(end) {
      const last = gaps.at(-1)
      return last && last.start + last.bytes === end ? last.bytes : 0
    },
  }
}
