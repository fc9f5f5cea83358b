/** Lane records, which never change once they are there: those behind the log, and those that it names. */
import { inlinedEvents } from '../items/inlined-events.ts';
import { decodeLaneRecord, type LaneRecord, lanePartition } from '../items/lane-record.ts';
import type { RecordRange } from '../items/log-page.ts';
import { queryItems, until } from '../read-items.ts';
import type { TableQuery } from '../table.ts';
import type { World } from '../world.ts';
import type { EventCache } from './event-cache.ts';

const cachedRecordsMax = 4_000;

/** Records of one lane that one look takes in: one more than a page of the log can hold shows that more are left. */
const recordsPerLookMax = 1_001;

export class LaneRecords {
  readonly #world: World;
  readonly #events: EventCache;
  readonly #cache = new Map<string, LaneRecord>();
  /** The last record of each lane of this instance. */
  readonly #own = new Map<number, number>();

  constructor(world: World, events: EventCache) {
    this.#world = world;
    this.#events = events;
  }

  learn(lane: number, record: LaneRecord): void {
    this.#cache.set(`${lane}:${record.number}`, record);
    for (const oldest of this.#cache.keys()) {
      if (this.#cache.size <= cachedRecordsMax) break;
      this.#cache.delete(oldest);
    }
  }

  /** A record that this instance wrote: it knows its own lanes without looking. */
  learnOwn(lane: number, record: LaneRecord): void {
    this.learn(lane, record);
    this.#own.set(lane, record.number);
  }

  /** A lane of this instance has its seal, from now on it is read like any other. */
  disown(lane: number): void {
    this.#own.delete(lane);
  }

  /** The records of a lane behind this one, up to the first that is missing, or cut where there are very many. */
  async behind(lane: number, record: number): Promise<{ behind: readonly LaneRecord[]; isCut: boolean }> {
    const query = { from: record + 1, limit: recordsPerLookMax, consistency: 'strong' } as const;
    const behind = this.#ownBehind(lane, record) ?? (await this.#read(lane, query));
    return { behind, isCut: behind.length === recordsPerLookMax };
  }

  /** The records of a range that the log names, which are all there. */
  async named({ lane, firstRecord, lastRecord }: RecordRange): Promise<readonly LaneRecord[]> {
    const records: LaneRecord[] = [];
    while (firstRecord + records.length <= lastRecord) {
      const next = firstRecord + records.length;
      const known = this.#cache.get(`${lane}:${next}`);
      if (known !== undefined) {
        records.push(known);
        continue;
      }
      let consistency: TableQuery['consistency'] = 'eventual';
      const read = async () => {
        const found = await this.#read(lane, { from: next, through: lastRecord, consistency });
        consistency = 'strong';
        return found.length > 0 ? found : undefined;
      };
      records.push(...(await until(this.#world, { what: `Record ${next} of lane ${lane}`, read })));
    }
    return records;
  }

  #ownBehind(lane: number, record: number): readonly LaneRecord[] | undefined {
    const last = this.#own.get(lane);
    if (last === undefined) return undefined;
    const records: LaneRecord[] = [];
    for (let number = record + 1; number <= last && records.length < recordsPerLookMax; number++) {
      const known = this.#cache.get(`${lane}:${number}`);
      if (known === undefined) return undefined;
      records.push(known);
    }
    return records;
  }

  async #read(
    lane: number,
    query: Pick<TableQuery, 'from' | 'through' | 'limit' | 'consistency'> & { readonly from: number },
  ): Promise<readonly LaneRecord[]> {
    const records: LaneRecord[] = [];
    const partition = lanePartition(lane);
    for await (const items of queryItems(this.#world, { ...query, partition, direction: 'forward' })) {
      for (const item of items) {
        const record = decodeLaneRecord(item);
        for (const event of inlinedEvents(item)) this.#events.learn(event);
        if (record.number !== query.from + records.length) return records;
        records.push(record);
        this.learn(lane, record);
      }
    }
    return records;
  }
}
