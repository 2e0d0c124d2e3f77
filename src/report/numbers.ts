/** How numbers are written: three significant digits for times, four decimals for metrics, intervals in brackets. */

const timeUnits = [
  { limit: 1e3, scale: 1, unit: 'ns' },
  { limit: 1e6, scale: 1e3, unit: 'µs' },
  { limit: 1e9, scale: 1e6, unit: 'ms' },
  { limit: Number.POSITIVE_INFINITY, scale: 1e9, unit: 's' },
]

/** Three significant digits, no exponent. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return '–'
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(3)
}

/** `12.3 µs` */
export function formatTime(ns: number): string {
  const { scale, unit } = timeUnits.find((entry) => ns < entry.limit * 0.9995)!
  return `${significant(ns / scale)} ${unit}`
}

/** `12.3 µs ±4%`: half the interval's width, relative. */
export function formatTiming(ns: number, low: number | undefined, high: number | undefined): string {
  if (low === undefined || high === undefined) return formatTime(ns)
  return `${formatTime(ns)} ±${Math.max(1, Math.ceil((50 * (high - low)) / ns))}%`
}

/** `8.2x [7.9, 8.6]` */
export const formatRatio = (value: number, low: number, high: number): string =>
  `${significant(value)}x [${significant(low)}, ${significant(high)}]`

/** `.4432` as the field writes it: `0.4432`. */
export const formatMetric = (value: number): string => value.toFixed(4)

/** `0.4432 ±0.0310` */
export const formatMean = (value: number, low: number, high: number): string =>
  Number.isFinite(high - low) ? `${formatMetric(value)} ±${formatMetric((high - low) / 2)}` : formatMetric(value)

/** `+0.0012` */
export const formatDifference = (value: number): string =>
  value === 0 ? '0' : `${value < 0 ? '-' : '+'}${Math.abs(value).toPrecision(3)}`

/** `0.5`, or `1.6666667`: as many digits as it has, without the rounding of the last. */
export const formatPlain = (value: number): string => String(Number(value.toPrecision(9)))
