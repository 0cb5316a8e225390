import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** Makes metrics of one registry. `environment` is a label of each, with the same value everywhere. */
export function metricKit(registry: Registry, environment: string) {
  registry.setDefaultLabels({ environment })
  const registers = [registry]
  return {
    counter: <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
      new Counter({ name, help, labelNames, registers }),
    gauge: <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
      new Gauge({ name, help, labelNames, registers }),
    histogram: <L extends string>(name: string, help: string, labelNames: readonly L[], buckets: readonly number[]) =>
      new Histogram({ name, help, labelNames, buckets: [...buckets], registers }),
  }
}
