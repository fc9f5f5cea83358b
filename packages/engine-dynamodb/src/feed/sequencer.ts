/**
 * Gives positions: puts page after page of the log until everything that is committed is in it.
 * Any instance may; who loses a page goes on from the winner's. Turns that are asked for while one
 * is under way are one turn behind it.
 */
import { definitePut } from '../definite-put.ts';
import type { LanePlace } from '../items/lane-place.ts';
import { decodeLogPage, encodeLogPage, isInLog, type LogPage } from '../items/log-page.ts';
import { pause, type World } from '../world.ts';
import { buildPage } from './build-page.ts';
import type { IdleLanes } from './idle-lanes.ts';
import type { LaneRecords } from './lane-records.ts';
import type { Log } from './log.ts';
import { type Look, lookBehindLog } from './look-behind-log.ts';

/** Wait before an own commit is sequenced: the winner of the last page is the quicker, so losers are rare. */
const winnerDelayMs = 10;
const loserDelayMs = 40;

/** Who did not put the last page waits for so many turns, where turns take long. */
const turnsOfWinner = 2;

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
  /** How long the last turn took. */
  #turnTookMs = 0;
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
    const delayMs = this.#wonLast ? winnerDelayMs : Math.max(loserDelayMs, turnsOfWinner * this.#turnTookMs);
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

  /** Who was last to put a page does so again; the others look first whether that has happened. */
  async #sequenceOwn(): Promise<void> {
    this.#forgetOwn(this.#log.newest);
    if (this.#own.size > 0 && !this.#wonLast) this.#forgetOwn(await this.#log.readNewest());
    if (this.#own.size > 0) await this.catchUp();
  }

  #forgetOwn(newest: LogPage): void {
    for (const [lane, record] of this.#own) if (isInLog(newest, { lane, record })) this.#own.delete(lane);
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
    const { clock, random, observer } = this.#world;
    this.#turnMs = clock.monotonicMs();
    let look = await this.#look();
    let before = this.#log.newest;
    for (let looks = 0; looks < looksMax; ) {
      const { page, heldBack } = buildPage(before, look);
      if (page === undefined) {
        this.#turnTookMs = clock.monotonicMs() - this.#turnMs;
        if (!heldBack) return;
        await pause(this.#world, heldBackMs);
        look = await this.#look();
        before = this.#log.newest;
        looks++;
        continue;
      }
      const other = await definitePut(this.#world, encodeLogPage(page, random.nonce()));
      this.#wonLast = other === undefined;
      if (other === undefined) this.pagesWon++;
      else this.pagesLost++;
      before = other === undefined ? page : decodeLogPage(other);
      this.#log.learn(before);
      looks = 0;
    }
    observer.notice?.({ level: 'warn', message: 'The feed waits for a record that does not appear.' });
  }

  async #look(): Promise<Look> {
    const look = await lookBehindLog({ world: this.#world, log: this.#log, records: this.#records });
    await this.#idleLanes.look(lastRecords(this.#log.newest, look));
    return look;
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
function lastRecords({ lanes, mark }: LogPage, { lastLane, records }: Look): ReadonlyMap<number, number> {
  const last = new Map(lanes);
  for (let lane = mark + 1; lane <= lastLane; lane++) last.set(lane, 0);
  for (const [lane, through] of last) {
    const newest = records.get(lane)?.at(-1);
    if (newest?.seals === true) last.delete(lane);
    else last.set(lane, Math.max(through, newest?.number ?? 0));
  }
  return last;
}
