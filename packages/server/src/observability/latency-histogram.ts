/**
 * A Prometheus histogram of latencies without labels. It is filled for each request, where that of
 * prom-client, which looks labels up each time, takes as long as the request's own bookkeeping.
 */
import type { Histogram, Registry } from 'prom-client';

const boundsSeconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export class LatencyHistogram {
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly name: string;
  readonly help: string;
  /** Up to each bound, and above the last one. */
  readonly #counts = new Array<number>(boundsSeconds.length + 1).fill(0);
  #sumSeconds = 0;

  constructor({ name, help, registry }: { name: string; help: string; registry: Registry }) {
    this.name = name;
    this.help = help;
    // The registry asks a metric for no more than what is here.
    registry.registerMetric(this as unknown as Histogram);
  }

  observe(seconds: number): void {
    let bucket = 0;
    while (bucket < boundsSeconds.length && seconds > (boundsSeconds[bucket] as number)) bucket++;
    (this.#counts[bucket] as number)++;
    this.#sumSeconds += seconds;
  }

  /** What the registry prints: counts are of everything up to a bound. */
  async get() {
    const { name, help, type, aggregator } = this;
    let count = 0;
    const buckets = this.#counts.map((more, index) => {
      count += more;
      return { metricName: `${name}_bucket`, labels: { le: boundsSeconds[index] ?? '+Inf' }, value: count };
    });
    const sum = { metricName: `${name}_sum`, labels: {}, value: this.#sumSeconds };
    const values = [...buckets, sum, { metricName: `${name}_count`, labels: {}, value: count }];
    return { name, help, type, aggregator, values };
  }
}
