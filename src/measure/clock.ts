/** The only clock. */

export const nowNs = (): number => Number(process.hrtime.bigint())

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
