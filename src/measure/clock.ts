/** The only clock: everything that asks how late it is, or how long something took, asks here. */

export const nowNs = (): number => Number(process.hrtime.bigint())

/** Milliseconds, for what lasts long enough to be seen by a person. */
export const nowMs = (): number => performance.now()

/** The date and time of day. */
export const now = (): Date => new Date()

export interface Taken<T> {
  readonly seconds: number
  readonly result: T
}

/** A piece of work with how long it took. */
export async function timed<T>(work: () => T | Promise<T>): Promise<Taken<T>> {
  const start = nowMs()
  const result = await work()
  return { seconds: (nowMs() - start) / 1000, result }
}

/** Smallest step the clock was seen to take, ns. */
export function timerTickNs(): number {
  let tick = Number.POSITIVE_INFINITY
  for (let i = 0; i < 2000; i++) {
    const start = process.hrtime.bigint()
    let end = process.hrtime.bigint()
    while (end === start) end = process.hrtime.bigint()
    tick = Math.min(tick, Number(end - start))
  }
  return tick
}
