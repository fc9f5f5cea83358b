/**
 * All subscribers of a server: each gets its answer here, is kept alive, counted, and told its
 * cursor when the server stops.
 */
import type { ServerResponse } from 'node:http';
import { type Clock, EventStoreError, type Timer } from '@event-store/core';
import type { Backlog } from '../http/backlog.ts';
import { eventStreamType } from '../http/negotiate.ts';
import type { Metrics } from '../observability/metrics.ts';
import { Rounds } from './rounds.ts';
import { SharedBlocks } from './shared-blocks.ts';
import type { Source } from './source.ts';
import { Subscription } from './subscription.ts';

/** Less than the time after which common proxies take a silent connection for dead. */
const keepAliveMs = 15_000;

/** `X-Accel-Buffering` keeps nginx from collecting messages. */
const head = ['Content-Type', eventStreamType, 'Cache-Control', 'no-store', 'X-Accel-Buffering', 'no'];

/** What somebody wants to be sent. */
interface SubscriptionRequest {
  readonly source: Source;
  readonly cursor: number;
  readonly headers: readonly string[];
}

export class Subscriptions {
  readonly rounds: Rounds;
  readonly #blocks: SharedBlocks;
  readonly #clock: Clock;
  readonly #backlog: Backlog;
  readonly #metrics: Metrics;
  readonly #running = new Set<Subscription>();
  #keepAliveTimer: Timer | undefined;

  constructor({ clock, backlog, metrics }: { clock: Clock; backlog: Backlog; metrics: Metrics }) {
    this.rounds = new Rounds(clock);
    this.#blocks = new SharedBlocks(this.rounds);
    this.#clock = clock;
    this.#backlog = backlog;
    this.#metrics = metrics;
  }

  /**
   * Answers with everything behind the cursor, and goes on. A first read that fails is an ordinary
   * problem; later it is thrown with the answer begun, which must then be cut off, never ended.
   *
   * @throws EventStoreError `draining` once the server stops.
   */
  async serve(response: ServerResponse, { source, cursor, headers }: SubscriptionRequest): Promise<void> {
    const { rounds } = this;
    if (rounds.isStopped) throw new EventStoreError('draining', 'The server is stopping; subscribe to another one.');
    const first = await this.#blocks.read(source, cursor);
    response.writeHead(200, [...head, ...headers]);
    if (response.req.method === 'HEAD') {
      response.end();
      return;
    }
    response.once('timeout', (socket: { destroy: () => void }) => {
      this.#metrics.subscriberDropped();
      socket.destroy();
    });
    const delivered = (events: number) => this.#metrics.delivered(events);
    const parts = { rounds, blocks: this.#blocks, backlog: this.#backlog, delivered };
    const subscription = new Subscription(parts, { source, cursor, response });
    this.#running.add(subscription);
    this.#keepAliveTimer ??= this.#keepAliveLater();
    try {
      await subscription.run(first);
    } finally {
      this.#running.delete(subscription);
    }
  }

  get count(): number {
    return this.#running.size;
  }

  /** How many events the slowest is behind the end of the feed, or of its stream. */
  async lagEventsMax(): Promise<number> {
    let lag = 0;
    for (const { source, cursor, isAtEnd } of this.#running) {
      if (!isAtEnd) lag = Math.max(lag, (await source.end(this.rounds.lastPosition)) - cursor);
    }
    return lag;
  }

  /** Has every subscriber told its cursor and its answer ended; nobody waits any more. */
  stop(): void {
    this.#keepAliveTimer?.cancel();
    this.rounds.stop();
  }

  #keepAliveLater(): Timer {
    return this.#clock.after(keepAliveMs, () => {
      for (const subscription of this.#running) subscription.keepAlive();
      this.#keepAliveTimer = this.#running.size > 0 ? this.#keepAliveLater() : undefined;
    });
  }
}
