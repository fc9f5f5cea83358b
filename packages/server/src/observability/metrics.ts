/**
 * Figures for operators, in Prometheus form. What happens often is counted without labels or with
 * prepared ones; what the engine knows is asked for when somebody looks.
 */
import type { AppendResult, EngineObserver, StorageEngine } from '@event-store/core';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { LatencyHistogram } from './latency-histogram.ts';

type Group = Parameters<NonNullable<EngineObserver['groupCommitted']>>[0];

/** What is asked for when somebody looks. */
interface Now {
  readonly connections: number;
  readonly ready: boolean;
  readonly subscribers: number;
  readonly subscriberLagEventsMax: number;
  /** Absent where they cannot be known now. */
  readonly consumers: readonly ConsumerFigures[] | undefined;
}

/** How far one consumer has come. */
export interface ConsumerFigures {
  readonly name: string;
  readonly lagEvents: number;
  readonly movedMs: number;
}

const msPerSecond = 1_000;

export class Metrics {
  readonly #registry = new Registry();
  readonly #appends = this.#counter('event_store_appends_total', 'Appends by what became of them', ['outcome']);
  readonly #appendSeconds = this.#histogram('event_store_append_seconds', 'From the head of an append to its outcome');
  readonly #events = this.#counter('event_store_events_total', 'Events stored');
  readonly #storedBytes = this.#counter('event_store_stored_bytes_total', 'Bytes stored, as they are on disk');
  readonly #syncSeconds = this.#histogram('event_store_sync_seconds', 'Syncs, one for each group of appends');
  readonly #answers = this.#counter('event_store_http_answers_total', 'HTTP answers by status', ['status']);
  readonly #connections = this.#gauge('event_store_http_connections', 'Open connections');
  readonly #subscribers = this.#gauge('event_store_subscribers', 'Open subscriptions');
  readonly #subscriberLag = this.#gauge('event_store_subscriber_lag_events_max', 'Events the slowest has before it');
  readonly #delivered = this.#counter('event_store_delivered_events_total', 'Events sent to subscribers');
  readonly #dropped = this.#counter('event_store_subscribers_dropped_total', 'Subscribers that took nothing too long');
  readonly #consumers = this.#gauge('event_store_consumers', 'Durable consumers');
  readonly #consumerLag = this.#gauge('event_store_consumer_lag_events', 'Events of the feed behind its checkpoint', [
    'consumer',
  ]);
  readonly #consumerMoved = this.#gauge(
    'event_store_consumer_moved_timestamp_seconds',
    'When a checkpoint of it last moved',
    ['consumer'],
  );
  readonly #moves = this.#counter('event_store_checkpoint_moves_total', 'Moves of checkpoints that were stored');
  readonly #ready = this.#gauge('event_store_ready', 'Whether appends are accepted: 1 or 0');
  readonly #engine = new Map<string, Gauge>();
  /** Since somebody looked last. */
  readonly #newAnswers = new Map<number, number>();
  readonly #newAppends = new Map<AppendResult['outcome'], number>();

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  appendDecided(outcome: AppendResult['outcome'], latencyMs: number): void {
    count(this.#newAppends, outcome);
    this.#appendSeconds.observe(latencyMs / 1_000);
  }

  groupCommitted({ events, bytes, syncSeconds }: Group): void {
    this.#events.inc(events);
    this.#storedBytes.inc(bytes);
    this.#syncSeconds.observe(syncSeconds);
  }

  answered(status: number): void {
    count(this.#newAnswers, status);
  }

  delivered(events: number): void {
    this.#delivered.inc(events);
  }

  subscriberDropped(): void {
    this.#dropped.inc();
  }

  checkpointMoved(): void {
    this.#moves.inc();
  }

  /** Everything, with the engine's own figures as `event_store_engine_…`. */
  async print(engine: StorageEngine, now: Now): Promise<string> {
    this.#connections.set(now.connections);
    this.#subscribers.set(now.subscribers);
    this.#subscriberLag.set(now.subscriberLagEventsMax);
    this.#ready.set(now.ready ? 1 : 0);
    this.#setConsumers(now.consumers);
    take(this.#newAppends, (outcome, more) => this.#appends.labels(outcome).inc(more));
    take(this.#newAnswers, (status, more) => this.#answers.labels(`${status}`).inc(more));
    for (const [name, value] of Object.entries(engine.statistics())) {
      const metric = `event_store_engine_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
      const help = `Of the engine "${engine.capabilities.name}"; docs/reference/metrics.md says what it is`;
      prepared(this.#engine, metric, () => this.#gauge(metric, help)).set(value);
    }
    return this.#registry.metrics();
  }

  #setConsumers(consumers: readonly ConsumerFigures[] | undefined): void {
    this.#consumers.set(consumers?.length ?? Number.NaN);
    this.#consumerLag.reset();
    this.#consumerMoved.reset();
    for (const { name, lagEvents, movedMs } of consumers ?? []) {
      this.#consumerLag.labels(name).set(lagEvents);
      this.#consumerMoved.labels(name).set(movedMs / msPerSecond);
    }
  }

  #counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string): LatencyHistogram {
    return new LatencyHistogram({ name, help, registry: this.#registry });
  }
}

function prepared<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Hands on what was counted, and begins anew. */
function take<Key>(counts: Map<Key, number>, handOn: (key: Key, more: number) => void): void {
  for (const [key, more] of counts) handOn(key, more);
  counts.clear();
}
