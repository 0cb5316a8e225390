import { Gauge, type MetricType, type MetricValue, type Registry } from 'prom-client'

/** The observations of one set of labels: numbers that are added to, whatever is made of them when somebody looks. */
export class BucketTally {
  /** Observations up to each bound and above the one before; the last is what exceeds them all. */
  readonly counts: number[]
  sum = 0

  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Array<number>(bounds.length + 1).fill(0)
  }

  /** How many were observed. */
  get count(): number {
    return this.counts.reduce((total, amount) => total + amount, 0)
  }

  /** What is no number would spoil the sum for good: it does not count. */
  observe(value: number): void {
    if (!Number.isFinite(value)) return
    let bucket = 0
    for (const bound of this.bounds) {
      if (value <= bound) break
      bucket += 1
    }
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1
    this.sum += value
  }
}

export interface TalliedHistogramOptions<L extends string> {
  name: string
  help: string
  labelNames: readonly L[]
  /** Upper bounds, ascending. */
  buckets: readonly number[]
  registers: Registry[]
}

/**
 * A histogram that is cheap to add to: prom-client's checks, sorts and joins its labels for every value, also where they
 * were given once. What it exports is the same; a set of labels that saw no value is left out, as there.
 */
export class TalliedHistogram<L extends string> extends Gauge<L> {
  private readonly buckets: readonly number[]
  private readonly tallies = new Map<string, { labels: Record<string, string>; tally: BucketTally }>()
  private readonly names: readonly L[]
  private readonly metric: string

  constructor({ buckets, ...options }: TalliedHistogramOptions<L>) {
    super(options)
    this.metric = options.name
    this.buckets = buckets
    this.names = options.labelNames
    // Without labels there is one, which is there from the start.
    if (this.names.length === 0) this.tally()
  }

  /** Where values with these labels are added, always the same for the same labels; in the order of their names. */
  tally(...values: string[]): BucketTally {
    const key = JSON.stringify(values)
    const known = this.tallies.get(key)
    if (known) return known.tally
    const labels = Object.fromEntries(this.names.map((name, index) => [name, values[index] ?? '']))
    const tally = new BucketTally(this.buckets)
    this.tallies.set(key, { labels, tally })
    return tally
  }

  override async get() {
    return {
      ...(await super.get()),
      type: 'histogram' as unknown as MetricType, // a name at run time, a number in the types
      // A histogram's samples have names of their own and the label `le`, which a gauge's type does not know.
      values: [...this.tallies.values()].flatMap((one) => this.samples(one.labels, one.tally)) as MetricValue<L>[],
    }
  }

  private samples(labels: Record<string, string>, { counts, sum }: BucketTally) {
    let count = 0
    const buckets = counts.map((amount, index) => {
      count += amount
      const le = this.buckets[index] ?? '+Inf'
      return { metricName: `${this.metric}_bucket`, labels: { le, ...labels }, value: count }
    })
    if (count === 0 && this.names.length > 0) return []
    return [
      ...buckets,
      { metricName: `${this.metric}_sum`, labels, value: sum },
      { metricName: `${this.metric}_count`, labels, value: count },
    ]
  }
}
