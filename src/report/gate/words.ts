/** How changes, limits and reasons of a gate are said. */

import type { GateChange, Limit } from '../../core/gate.ts'

const signed = (value: number, digits: (size: number) => string): string =>
  `${value < 0 ? '-' : '+'}${digits(Math.abs(value))}`

const percent = (value: number): string => {
  if (!Number.isFinite(value) || value === -1) return value > 0 ? '+inf' : '-inf'
  const share = 100 * value
  return signed(share, (size) => (size < 100 ? size.toFixed(1) : size.toFixed(0)))
}

const amount = (value: number): string =>
  Number.isFinite(value)
    ? signed(value, (size) => (size === 0 ? '0' : `${Number(size.toPrecision(3))}`))
    : value > 0
      ? '+inf'
      : '-inf'

/** `+5.2 % [+3.9, +6.4]`: positive is worse. Without bounds where they are the value. */
export function changeText({ by }: Limit, { value, low, high }: GateChange): string {
  const [text, unit] = by === 'share' ? [percent, ' %'] : [amount, '']
  return low === high ? `${text(value)}${unit}` : `${text(value)}${unit} [${text(low)}, ${text(high)}]`
}

export const limitText = ({ by, most }: Limit): string =>
  by === 'share' ? `${Number((100 * most).toPrecision(4))} %` : `${Number(most.toPrecision(4))}`

const minutesText = (minutes: number): string =>
  minutes < 1 ? 'less than a minute' : `about ${Math.ceil(minutes)} ${Math.ceil(minutes) === 1 ? 'minute' : 'minutes'}`

/** `about 14 rounds more (3 minutes)` */
export function needText(more: number, minutesARound: number): string {
  if (!Number.isFinite(more)) return 'no number of rounds would tell it from the limit'
  const rounds = Math.max(1, Math.ceil(more))
  return `about ${rounds} ${rounds === 1 ? 'round' : 'rounds'} more (${minutesText(rounds * minutesARound)}) would decide it`
}
