import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Running } from '../contenders/contender.ts';
import { eventStore, type StoreItself } from '../contenders/event-store.ts';
import { feedEnd } from '../load/feed-end.ts';
import { smallAppends } from '../load/sample-event.ts';
import { anonymousMiB } from '../measure/anonymous-memory.ts';
import { compare } from './compare.ts';
import { growthReads } from './growth-reads.ts';
import type { Started } from './with-started.ts';
import type { Comparison, Settings, Workload } from './workload.ts';

const sizes = [10_000, 1_000_000, 10_000_000];
const streamsMax = 1_000_000;
const eventsPerStream = 10;
const eventsPerAppend = 5;
const connections = 64;
const appendsBeforeKill = 1_000;

/** What a store costs that has been used for a while. */
export const growth: Workload = {
  name: 'growth',
  title: 'A store that grows',
  about:
    'A store is filled in up to a million streams. At each size it is killed with SIGKILL and started again, and ' +
    `then takes single appends over ${connections} connections into all of its streams, in turn with a store that ` +
    'was empty. Memory is the anonymous part (RssAnon) after a round of appends. Then its streams are read in turn, ' +
    `${eventsPerStream} events of each over 16 connections, the whole feed over one, and a subscriber waits at its end.`,
  async run(settings) {
    await using grown = await GrownStore.open(settings);
    const comparisons: Comparison[] = [];
    for (const size of sizesUpTo(settings.growthEvents)) {
      const at = { axis: 'events', value: size };
      const title = `${size.toLocaleString('en')} events`;
      settings.report(`growing to ${title}`);
      await grown.growTo(size);
      comparisons.push(...(await restarts(grown, { title, at, settings })));
      comparisons.push(...(await appends(grown, { title, at, settings })));
      const { running, streams } = grown;
      comparisons.push(...(await growthReads({ title, at, settings, running, streams, eventsPerStream })));
    }
    return comparisons;
  },
};

interface Size {
  readonly title: string;
  readonly at: NonNullable<Comparison['at']>;
  readonly settings: Settings;
}

/** Killed by a failure while it is used, and started on what that left. */
function restarts(grown: GrownStore, size: Size): Promise<readonly Comparison[]> {
  return compare({
    ...size,
    started: [{ contender: eventStore, running: { ...grown.running, processId: undefined } }],
    measure: () => grown.killAndStart(),
    figures: [{ name: 'restart after kill -9', unit: 's', better: 'less', of: (seconds) => seconds }],
  });
}

async function appends(grown: GrownStore, { settings, ...size }: Size): Promise<readonly Comparison[]> {
  const directory = join(settings.directory, 'empty');
  mkdirSync(directory, { recursive: true });
  const empty = await eventStore.start(directory);
  try {
    return await compare({
      ...size,
      settings,
      started: [
        { contender: eventStore, running: grown.running },
        { contender: { ...eventStore, name: 'event-store that was empty' }, running: empty },
      ],
      async measure({ contender, running }: Started<StoreItself>) {
        const load = { ...smallAppends, streams: grown.streams, connections, seconds: settings.seconds };
        const { eventsPerSecond, failures } = await running.append(load);
        if (failures > 0) throw new Error(`${contender.name}: ${failures} appends failed`);
        return { eventsPerSecond, anonymousMiB: anonymousMiB(running.processId as number) };
      },
      figures: [
        { name: 'append rate', unit: 'events/s', better: 'more', of: (round) => round.eventsPerSecond },
        { name: 'anonymous memory', unit: 'MiB', better: 'less', of: (round) => round.anonymousMiB },
      ],
    });
  } finally {
    await empty.stop();
    rmSync(directory, { recursive: true });
  }
}

function sizesUpTo(events: number): readonly number[] {
  return [...sizes.filter((size) => size < events), events];
}

/** One store in one directory, in one process after the other. */
class GrownStore {
  running: Running<StoreItself>;
  streams = 1;
  readonly #directory: string;

  private constructor(directory: string, running: Running<StoreItself>) {
    this.#directory = directory;
    this.running = running;
  }

  static async open(settings: Settings): Promise<GrownStore> {
    const directory = join(settings.directory, 'grown');
    mkdirSync(directory, { recursive: true });
    return new GrownStore(directory, await eventStore.start(directory));
  }

  async growTo(events: number): Promise<void> {
    const missing = Math.max(0, events - (await feedEnd(this.running.port)));
    this.streams = Math.min(streamsMax, events / eventsPerStream);
    // No requests at all would be load without an end.
    if (missing === 0) return;
    await this.running.fillStreams({
      streams: this.streams,
      eventsPerStream: missing / this.streams,
      eventsPerAppend,
    });
  }

  /** The seconds until it is ready again, with everything that it acknowledged. */
  async killAndStart(): Promise<number> {
    await this.running.fillStreams({ streams: appendsBeforeKill, eventsPerStream: 1, eventsPerAppend: 1 });
    const before = await feedEnd(this.running.port);
    await this.running.kill();
    const startedMs = performance.now();
    this.running = await eventStore.start(this.#directory);
    const seconds = (performance.now() - startedMs) / 1_000;
    const after = await feedEnd(this.running.port);
    if (after !== before) throw new Error(`killed at position ${before}, started at ${after}`);
    return seconds;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running.stop();
    rmSync(this.#directory, { recursive: true });
  }
}
