/**
 * Gives positions: puts page after page of the log until everything that is committed is in it.
 * Any instance may; who loses a page goes on from the winner's. Turns that are asked for while one
 * is under way are one turn behind it.
 */
import { definitePut } from '../definite-put.ts';
import type { LanePlace } from '../items/lane-place.ts';
import type { LaneRecord } from '../items/lane-record.ts';
import { laneRegistryPartition } from '../items/lane-registry.ts';
import { decodeLogPage, encodeLogPage, isInLog, type LogPage } from '../items/log-page.ts';
import { readAll } from '../read-items.ts';
import { integer, sortKey } from '../table.ts';
import { pause, type World } from '../world.ts';
import { buildPage, type NextPage } from './build-page.ts';
import type { IdleLanes } from './idle-lanes.ts';
import type { LaneRecords } from './lane-records.ts';
import type { Log } from './log.ts';

/** Wait before an own commit is sequenced: the winner of the last page is the quicker, so losers are rare. */
const winnerDelayMs = 10;
const loserDelayMs = 40;

/** Between turns while somebody waits for what others append. */
const turnMsMax = 1_000;

/** Between looks at a record whose predecessor is committed but was not seen. */
const heldBackMs = 2;

/** Looks at such a record before it is left to the next turn. */
const looksMax = 50;

/** After a turn that failed, while own commits wait. */
const retryMs = 1_000;

export interface SequencerOptions {
  readonly world: World;
  readonly log: Log;
  readonly records: LaneRecords;
  readonly idleLanes: IdleLanes;
}

export class Sequencer {
  readonly #world: World;
  readonly #log: Log;
  readonly #records: LaneRecords;
  readonly #idleLanes: IdleLanes;
  /** The last record of this instance in each lane, until it is known to be in the log. */
  readonly #own = new Map<number, number>();
  #turn: Promise<void> | undefined;
  #nextTurn: Promise<void> | undefined;
  /** When the last turn began. */
  #turnMs = 0;
  #isDue = false;
  #wonLast = true;
  #isClosed = false;
  pagesWon = 0;
  pagesLost = 0;

  constructor({ world, log, records, idleLanes }: SequencerOptions) {
    this.#world = world;
    this.#log = log;
    this.#records = records;
    this.#idleLanes = idleLanes;
  }

  /** This record was committed here: it is sequenced soon, unless somebody else does it first. */
  soon({ lane, record }: LanePlace): void {
    this.#own.set(lane, record);
    const delayMs = this.#wonLast ? winnerDelayMs : loserDelayMs;
    this.#after(delayMs * (0.5 + this.#world.random.fraction()));
  }

  #after(delayMs: number): void {
    if (this.#isDue || this.#isClosed) return;
    this.#isDue = true;
    this.#world.clock.after(delayMs, () => {
      this.#isDue = false;
      this.#sequenceOwn().catch((error: unknown) => {
        this.#warn('The feed could not be brought up to date', error);
        this.#after(retryMs);
      });
    });
  }

  async #sequenceOwn(): Promise<void> {
    const newest = await this.#log.readNewest();
    for (const [lane, record] of this.#own) if (isInLog(newest, { lane, record })) this.#own.delete(lane);
    if (this.#own.size > 0) await this.catchUp();
  }

  /** Looks for pages of others, and now and then for what an instance that died has left. */
  async look(): Promise<'news' | 'nothing'> {
    const { end } = this.#log;
    const nowMs = this.#world.clock.monotonicMs();
    const isTurnDue = nowMs - this.#turnMs >= turnMsMax;
    if (isTurnDue) await this.catchUp();
    else await this.#log.readNewest();
    return this.#log.end > end ? 'news' : 'nothing';
  }

  /** Fulfils when everything that was committed before the call is in the log. */
  catchUp(): Promise<void> {
    if (this.#turn === undefined) {
      this.#turn = this.#takeTurn().finally(() => {
        this.#turn = undefined;
      });
      return this.#turn;
    }
    this.#nextTurn ??= this.#turn
      .catch(() => undefined)
      .then(() => {
        this.#nextTurn = undefined;
        return this.catchUp();
      });
    return this.#nextTurn;
  }

  async #takeTurn(): Promise<void> {
    this.#turnMs = this.#world.clock.monotonicMs();
    let before = await this.#log.readNewest();
    for (let looks = 0; looks < looksMax; looks++) {
      const { page, heldBack } = await this.#nextPage(before);
      if (page === undefined) {
        if (!heldBack) return;
        await pause(this.#world, heldBackMs);
        continue;
      }
      const other = await definitePut(this.#world, encodeLogPage(page, this.#world.random.nonce()));
      this.#wonLast = other === undefined;
      if (other === undefined) this.pagesWon++;
      else this.pagesLost++;
      before = other === undefined ? page : decodeLogPage(other);
      this.#log.learn(before);
      looks = 0;
      if (other === undefined && !heldBack) return;
    }
    this.#world.observer.notice?.({ level: 'warn', message: 'The feed waits for a record that does not appear.' });
  }

  /** Reads the registry first and then the lanes, so that whoever is named in a record is known. */
  async #nextPage(before: LogPage): Promise<NextPage> {
    const registered = await readAll(this.#world, {
      partition: laneRegistryPartition,
      from: before.mark + 1,
      direction: 'forward',
      consistency: 'strong',
    });
    let mark = before.mark;
    for (const item of registered) if (integer(item, sortKey) === mark + 1) mark++;
    const open = new Map(before.lanes);
    for (let lane = before.mark + 1; lane <= mark; lane++) open.set(lane, 0);
    const records = new Map<number, readonly LaneRecord[]>();
    await Promise.all(
      [...open].map(async ([lane, through]) => records.set(lane, await this.#records.behind(lane, through))),
    );
    await this.#idleLanes.look(lastRecords(open, records));
    const inOrder = new Map([...records].sort(([a], [b]) => a - b));
    return buildPage({ before, mark, records: inOrder });
  }

  /** Brings what this instance committed into the log, if it can, and starts nothing new. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.catchUp().catch((error: unknown) => this.#warn('The feed could not be completed', error));
  }

  #warn(what: string, error: unknown): void {
    const message = `${what}: ${error instanceof Error ? error.message : error}`;
    this.#world.observer.notice?.({ level: 'warn', message });
  }
}

/** The last record of each lane that may still grow. */
function lastRecords(
  open: ReadonlyMap<number, number>,
  records: ReadonlyMap<number, readonly LaneRecord[]>,
): ReadonlyMap<number, number> {
  const last = new Map<number, number>();
  for (const [lane, through] of open) {
    const newest = records.get(lane)?.at(-1);
    if (newest?.seals !== true) last.set(lane, newest?.number ?? through);
  }
  return last;
}
