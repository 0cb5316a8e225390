import { Counter, Gauge, Histogram, type MetricType, type Registry } from 'prom-client'
import { TalliedHistogram } from './TalliedHistogram'

/** Seconds from well below a millisecond to the command timeout. */
export const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** Quantiles that were computed elsewhere: Prometheus calls these a summary, prom-client's own computes them itself. */
class Quantiles extends Gauge<'quantile'> {
  override async get() {
    return { ...(await super.get()), type: 'summary' as unknown as MetricType } // a name at run time, a number in the types
  }
}

/** Makes metrics of one registry. `environment` is a label of each, with the same value everywhere. */
export function metricKit(registry: Registry, environment: string) {
  registry.setDefaultLabels({ environment })
  const registers = [registry]
  return {
    counter: <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
      new Counter({ name, help, labelNames, registers }),
    gauge: <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
      new Gauge({ name, help, labelNames, registers }),
    quantiles: (name: string, help: string) => new Quantiles({ name, help, labelNames: ['quantile'], registers }),
    histogram: <L extends string>(name: string, help: string, labelNames: readonly L[], buckets: readonly number[]) =>
      new Histogram({ name, help, labelNames, buckets: [...buckets], registers }),
    /** For what happens with every message. */
    talliedHistogram: <L extends string>(
      name: string,
      help: string,
      labelNames: readonly L[],
      buckets: readonly number[],
    ) => new TalliedHistogram({ name, help, labelNames, buckets, registers }),
  }
}
