import { type OpenMetricsContentType, Registry } from 'prom-client'

export const PROMETHEUS_TEXT = Registry.PROMETHEUS_CONTENT_TYPE
export const OPENMETRICS_TEXT = Registry.OPENMETRICS_CONTENT_TYPE

/** A registry as Prometheus's own text format, version 0.0.4. */
export const prometheusText = (registry: Registry): Promise<string> => registry.metrics()

/**
 * A registry as OpenMetrics 1.0. There a counter's name lacks `_total`; prom-client would take it from the metric itself,
 * for good and for both formats, so it gets copies.
 */
export async function openMetricsText(registry: Registry): Promise<string> {
  const copy = new Registry<OpenMetricsContentType>()
  copy.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  for (const metric of await registry.getMetricsAsJSON()) {
    const isCounter = String(metric.type) === 'counter' // the types say it is an enum's number; it is its name
    const named = { ...metric, name: isCounter ? metric.name.replace(/_total$/, '') : metric.name }
    // All that a registry asks of a metric to print it; its types want the class.
    copy.registerMetric({ ...named, get: async () => named } as unknown as Parameters<Registry['registerMetric']>[0])
  }
  return copy.metrics()
}

interface Family {
  comments: string[]
  samples: string[]
}

/**
 * Several expositions in the 0.0.4 format as one: the series of each metric stand together under one HELP and TYPE, and
 * those of a source with labels carry them, so that two sources' series stay apart.
 */
export function mergeExpositions(sources: readonly { text: string; labels?: Record<string, string> }[]): string {
  const families = new Map<string, Family>()
  for (const { text, labels = {} } of sources) readInto(families, text, printLabels(labels))
  return [...families.values()]
    .map(({ comments, samples }) => [...comments, ...samples].join('\n'))
    .join('\n\n')
    .concat('\n')
}

function readInto(families: Map<string, Family>, text: string, labels: string): void {
  let family: Family | undefined
  for (const line of text.split('\n')) {
    const [, kind, name] = /^# (HELP|TYPE) (\S+)/.exec(line) ?? []
    if (kind && name) {
      family = families.get(name) ?? { comments: [], samples: [] }
      families.set(name, family)
      if (!family.comments.some((comment) => comment.startsWith(`# ${kind} `))) family.comments.push(line)
    } else if (line !== '' && !line.startsWith('#')) family?.samples.push(withLabels(line, labels))
  }
}

function withLabels(sample: string, labels: string): string {
  if (labels === '') return sample
  const [, name = '', brace] = /^([a-zA-Z_:][\w:]*)(\{?)/.exec(sample) ?? []
  const rest = sample.slice(name.length)
  return brace ? `${name}{${labels},${rest.slice(1)}` : `${name}{${labels}}${rest}`
}

const printLabels = (labels: Record<string, string>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')
