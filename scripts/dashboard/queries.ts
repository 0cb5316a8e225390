/** The variables at the top of the dashboard, as every query of a socket server's series has them. */
const chosen = 'environment=~"$environment", instance=~"$instance"'
const chosenNamespace = `${chosen}, namespace=~"$namespace"`

/** Series with a namespace, of what is chosen; `more` narrows further. */
export const inNamespace = (metric: string, more = ''): string =>
  `${metric}{${chosenNamespace}${more === '' ? '' : `, ${more}`}}`

/** Series without one. */
export const ofServer = (metric: string, more = ''): string => `${metric}{${chosen}${more === '' ? '' : `, ${more}`}}`

/** Series of other processes, which have instances of their own. */
export const anywhere = (metric: string): string => `${metric}{environment=~"$environment"}`

const by = (labels: string): string => (labels === '' ? '' : ` by (${labels})`)

export const sum = (series: string, labels = ''): string => `sum${by(labels)} (${series})`

/** Counters as so many a second, all instances together. */
export const perSecond = (series: string, labels = ''): string => sum(`rate(${series}[$__rate_interval])`, labels)

export const perMinute = (series: string, labels = ''): string => `${perSecond(series, labels)} * 60`

/** The quantile of a histogram, all instances together. */
export const quantile = (q: number, buckets: string, labels = ''): string =>
  `histogram_quantile(${q}, ${perSecond(buckets, labels === '' ? 'le' : `le, ${labels}`)})`

/** P50, P95 and P99 by their names. */
export const percentiles = (buckets: string): Record<string, string> => ({
  P50: quantile(0.5, buckets),
  P95: quantile(0.95, buckets),
  P99: quantile(0.99, buckets),
})
