/** What counters of instructions write. */

export type Counter = 'perf' | 'callgrind'

/** `123456,,instructions:u,...` of perf; `==1== Collected : 123456` of callgrind, once a process. */
export function readCount(counter: Counter, text: string): number | undefined {
  const pattern = counter === 'perf' ? /^(\d+),[^,]*,instructions/gm : /Collected : (\d+)/g
  const counts = [...text.matchAll(pattern)].map(([, digits]) => Number(digits))
  return counts.length > 0 ? counts.reduce((sum, each) => sum + each, 0) : undefined
}
