/**
 * The next page of the log, from the page before and the records behind it. A record is taken once
 * everything in front of its events is in the log, earlier in this page or in the record itself,
 * and each lane is taken in order, so that the feed has each stream in order and skips nothing.
 */
import { assert } from '@event-store/core';
import { countEvents, type LaneRecord } from '../items/lane-record.ts';
import { endOf, isInLog, type LogPage, type RecordRange } from '../items/log-page.ts';
import type { Look } from './look-behind-log.ts';

/** More would make a page slow to read; one record is never divided. */
const pageEventsMax = 1_000;

export interface NextPage {
  /** Absent when nothing can be taken now. */
  readonly page: LogPage | undefined;
  /** Whether records were left for the page after this one. */
  readonly heldBack: boolean;
}

/** The page before may be newer than the look: what it has is passed over. */
export function buildPage(before: LogPage, { lastLane, records }: Look): NextPage {
  const draft = new PageDraft(before, Math.max(before.mark, lastLane));
  for (let tookAny = true; tookAny; ) {
    tookAny = false;
    for (const [lane, behind] of records) tookAny = draft.takeFrom(lane, behind) || tookAny;
  }
  const heldBack = [...records].some(([lane, behind]) => draft.leaves(lane, behind));
  return { page: draft.events === 0 ? undefined : draft.page, heldBack };
}

class PageDraft {
  readonly page: LogPage;
  readonly #lanes: Map<number, number>;
  readonly #ranges: RecordRange[] = [];
  events = 0;

  constructor(before: LogPage, mark: number) {
    this.#lanes = new Map(before.lanes);
    for (let lane = before.mark + 1; lane <= mark; lane++) this.#lanes.set(lane, 0);
    this.page = { position: endOf(before) + 1, ranges: this.#ranges, lanes: this.#lanes, mark };
  }

  /** Takes what can be taken of a lane; says whether that was anything. */
  takeFrom(lane: number, behind: readonly LaneRecord[]): boolean {
    let tookAny = false;
    for (const record of behind) {
      const through = this.#lanes.get(lane);
      if (through === undefined || record.number <= through) continue;
      assert(record.number === through + 1, 'the records of a lane have no hole');
      if (!this.#canTake(record)) break;
      this.#take(lane, record);
      tookAny = true;
    }
    return tookAny;
  }

  /** Whether a lane has records that were not taken. A seal alone is nothing to come back for. */
  leaves(lane: number, behind: readonly LaneRecord[]): boolean {
    const through = this.#lanes.get(lane);
    return through !== undefined && behind.some(({ number, seals }) => number > through && !seals);
  }

  #canTake(record: LaneRecord): boolean {
    if (this.events > 0 && this.events + countEvents(record) > pageEventsMax) return false;
    return record.entries.every(({ previous }) => previous === undefined || isInLog(this.page, previous));
  }

  #take(lane: number, record: LaneRecord): void {
    if (record.seals) {
      this.#lanes.delete(lane);
      return;
    }
    const events = countEvents(record);
    this.#lanes.set(lane, record.number);
    this.events += events;
    const last = this.#ranges.at(-1);
    if (last?.lane === lane && last.lastRecord === record.number - 1) {
      this.#ranges.pop();
      this.#ranges.push({ ...last, lastRecord: record.number, events: last.events + events });
    } else {
      this.#ranges.push({ lane, firstRecord: record.number, lastRecord: record.number, events });
    }
  }
}
