/**
 * Checks a whole table from its items in any order: streams dense and batches whole, lanes and log
 * dense, and the feed each event once, those of a stream in order. Keeps a few numbers for each
 * stream, lane and page.
 */
import { batchOf } from './items/event-item.ts';
import { decodeLaneRecord, type LaneRecord } from './items/lane-record.ts';
import { laneRegistryPartition } from './items/lane-registry.ts';
import { decodeLogPage, endOf, type LogPage, logPartition } from './items/log-page.ts';
import { type Item, integer, partitionKey, sortKey, text } from './table.ts';

export interface TableProblem {
  /** Whose it is: a stream id, a lane, or the log. */
  readonly where: string;
  readonly what: string;
}

interface StreamCounts {
  events: number;
  lastVersion: number;
  /** The last version that some batch says it has. */
  provenVersion: number;
}

const lanePartition = /^-\/lane\/(\d+)$/;

export class TableVerification {
  readonly #streams = new Map<string, StreamCounts>();
  readonly #lanes = new Map<number, Map<number, LaneRecord>>();
  readonly #pages = new Map<number, LogPage>();
  readonly #problems: TableProblem[] = [];
  #registered = 0;
  #lastRegistered = 0;

  look(item: Item): void {
    const partition = text(item, partitionKey);
    const lane = lanePartition.exec(partition)?.[1];
    if (partition === logPartition) this.#pages.set(integer(item, sortKey), decodeLogPage(item));
    else if (lane !== undefined) this.#lookAtRecord(Number(lane), decodeLaneRecord(item));
    else if (partition === laneRegistryPartition) this.#lookAtRegistration(integer(item, sortKey));
    else if (!partition.startsWith('-/')) this.#lookAtEvent(partition, item);
  }

  #lookAtRecord(lane: number, record: LaneRecord): void {
    const records = this.#lanes.get(lane) ?? new Map<number, LaneRecord>();
    this.#lanes.set(lane, records.set(record.number, record));
  }

  #lookAtRegistration(lane: number): void {
    this.#registered++;
    this.#lastRegistered = Math.max(this.#lastRegistered, lane);
  }

  #lookAtEvent(streamId: string, item: Item): void {
    const counts = this.#streams.get(streamId) ?? { events: 0, lastVersion: 0, provenVersion: 0 };
    const { firstVersion, count } = batchOf(item);
    counts.events++;
    counts.lastVersion = Math.max(counts.lastVersion, integer(item, sortKey));
    counts.provenVersion = Math.max(counts.provenVersion, firstVersion + count - 1);
    this.#streams.set(streamId, counts);
  }

  /** What is wrong, once every item was looked at; empty when nothing is. */
  problems(): readonly TableProblem[] {
    for (const [streamId, { events, lastVersion, provenVersion }] of this.#streams) {
      if (events !== lastVersion)
        this.#report(streamId, `${lastVersion - events} of its ${lastVersion} events are missing`);
      if (provenVersion > lastVersion) this.#report(streamId, `the end of an append is missing behind ${lastVersion}`);
    }
    if (this.#registered !== this.#lastRegistered) this.#report('-/lanes', 'registry items are missing');
    const inFeed = this.#walkLog();
    if (this.#lastRegistered > 0) this.#checkFeedIsComplete(inFeed);
    return this.#problems;
  }

  /** Follows the pages; gives the number of events of each stream that are in the feed. */
  #walkLog(): ReadonlyMap<string, number> {
    const inFeed = new Map<string, number>();
    let position = 1;
    for (let page = this.#pages.get(position); page !== undefined; page = this.#pages.get(position)) {
      for (const { lane, firstRecord, lastRecord } of page.ranges) {
        for (let number = firstRecord; number <= lastRecord; number++) {
          const record = this.#lanes.get(lane)?.get(number);
          if (record === undefined) this.#report(`-/lane/${lane}`, `record ${number}, which the log names, is missing`);
          else this.#take(record, inFeed);
        }
      }
      this.#pages.delete(position);
      position = endOf(page) + 1;
    }
    if (this.#pages.size > 0) this.#report('-/log', `the page at position ${position} is missing`);
    return inFeed;
  }

  #take({ entries }: LaneRecord, inFeed: Map<string, number>): void {
    for (const { streamId, firstVersion, count } of entries) {
      const before = inFeed.get(streamId) ?? 0;
      if (firstVersion !== before + 1) this.#report(streamId, `the feed has version ${firstVersion} behind ${before}`);
      inFeed.set(streamId, Math.max(before, firstVersion + count - 1));
    }
  }

  /** Committed a moment ago is not in the feed yet, and its lane records say so; anything else is missing. */
  #checkFeedIsComplete(inFeed: ReadonlyMap<string, number>): void {
    const waiting = new Map<string, number>();
    for (const records of this.#lanes.values()) {
      for (const { entries } of records.values()) {
        for (const { streamId, firstVersion, count } of entries) {
          waiting.set(streamId, Math.max(waiting.get(streamId) ?? 0, firstVersion + count - 1));
        }
      }
    }
    for (const [streamId, { lastVersion }] of this.#streams) {
      const named = Math.max(inFeed.get(streamId) ?? 0, waiting.get(streamId) ?? 0);
      const what = `${lastVersion - named} events are not in the feed; event-store dynamodb backfill brings them in`;
      if (named < lastVersion) this.#report(streamId, what);
    }
    for (const [streamId, version] of inFeed) {
      const lastVersion = this.#streams.get(streamId)?.lastVersion ?? 0;
      if (version > lastVersion)
        this.#report(streamId, `the feed names version ${version}, the stream ends at ${lastVersion}`);
    }
  }

  #report(where: string, what: string): void {
    this.#problems.push({ where, what });
  }
}
