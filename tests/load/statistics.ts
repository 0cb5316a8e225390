/** The value below which a share (0 to 1) of the values lies. NaN of none. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** How often the values are drawn anew to learn how far their median may be off. */
const RESAMPLES = 5_000

/** Where the true median is with 95 %: the bootstrap's percentile interval. */
export function medianInterval(values: readonly number[]): [low: number, high: number] {
  const draw = () => values[Math.floor(Math.random() * values.length)] ?? Number.NaN
  const medians = Array.from({ length: RESAMPLES }, () => median(values.map(draw)))
  return [quantile(medians, 0.025), quantile(medians, 0.975)]
}
