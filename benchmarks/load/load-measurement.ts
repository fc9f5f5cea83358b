import type { Percentiles } from '../measure/percentiles.ts';

/** What all load generators tell. */
export interface LoadMeasurement {
  /** Answered, well or not. */
  readonly requests: number;
  /** Answers that refuse, and connections that broke. */
  readonly failures: number;
  readonly requestsPerSecond: number;
  /** Of all answers; absent where it is not counted. */
  readonly bytes: number | undefined;
  readonly latencyMs: Percentiles;
}

/** The line of JSON in which our scripts and programs print a measurement. */
export function parseMeasurement(printed: string): LoadMeasurement {
  const line = printed.split('\n').findLast((each) => each.startsWith('{'));
  if (line === undefined) throw new Error(`a load generator printed ${printed}`);
  const { requests, failures, microseconds, bytes, p50, p99, p999, max } = JSON.parse(line);
  const milliseconds = (value: number) => value / 1_000;
  return {
    requests,
    failures,
    requestsPerSecond: requests / (microseconds / 1e6),
    bytes,
    latencyMs: {
      p50: milliseconds(p50),
      p99: milliseconds(p99),
      p999: milliseconds(p999),
      max: milliseconds(max),
    },
  };
}
