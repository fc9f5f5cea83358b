/**
 * Appends with the feed on: those that arrive while this instance's transaction is under way are
 * the next one, together with the next record of its lane. While the outcome of a transaction is
 * unknown, newcomers use another lane.
 */
import { type AppendResult, EventStoreError, limits, type StreamAppend, storedBytes } from '@event-store/core';
import type { AppendTicket } from '../append/append-ticket.ts';
import { type AppendWriter, appended } from '../append/append-writer.ts';
import { type AppendPlan, planBehind, planByQuery } from '../append/plan-append.ts';
import { definitePut, writeRefused } from '../definite-put.ts';
import { definiteTransaction } from '../definite-transaction.ts';
import type { Head, Heads } from '../heads.ts';
import type { LanePlace } from '../items/lane-place.ts';
import { encodeSeal, type LaneEntry } from '../items/lane-record.ts';
import type { Item } from '../table.ts';
import { Backoff, pause, type World } from '../world.ts';
import { Lane } from './lane.ts';
import { type GroupMember, LaneGroup, type MemberOutcome, streamOf } from './lane-group.ts';
import { coverWithRuns } from './late-runs.ts';
import { openLane } from './open-lane.ts';
import { Trust } from './trust.ts';

/** Lanes of one instance that may be in doubt at once; then appends wait. */
const lanesMax = 4;

/** A transaction that takes longer holds up nobody but its own appends. */
const doubtMs = 500;

/** How long a stop waits for what is under way. */
const closeMs = 6_000;

/** A second lane that was not needed for so long is ended: each open lane is a query in every turn of sequencing. */
const spareMsMax = 10_000;

const contentionBackoff = { firstMs: 2, limitMs: 200 };

export interface LaneWriterOptions {
  readonly world: World;
  readonly heads: Heads;
  /** Told each record that was stored, with the items of its transaction. */
  readonly onRecord: (record: { place: LanePlace; entries: readonly LaneEntry[]; items: readonly Item[] }) => void;
  /** Told that a lane of this instance has its seal. */
  readonly onLaneEnd?: (lane: number) => void;
}

export class LaneWriter implements AppendWriter {
  readonly #world: World;
  readonly #heads: Heads;
  readonly #onRecord: LaneWriterOptions['onRecord'];
  readonly #onLaneEnd: NonNullable<LaneWriterOptions['onLaneEnd']>;
  readonly #trust = new Trust();
  readonly #lanes = new Set<Lane>();
  readonly #working = new Set<Promise<unknown>>();
  #queue: GroupMember[] = [];
  #queuedBytes = 0;
  #isOpening = false;
  #isDispatchDue = false;

  constructor({ world, heads, onRecord, onLaneEnd = () => undefined }: LaneWriterOptions) {
    this.#world = world;
    this.#heads = heads;
    this.#onRecord = onRecord;
    this.#onLaneEnd = onLaneEnd;
  }

  async append(append: StreamAppend, ticket: AppendTicket): Promise<AppendResult> {
    const bytes = append.events.reduce((sum, event) => sum + storedBytes(append.streamId, event), 0);
    if (this.#queuedBytes + bytes > limits.appendQueueBytesMax) {
      throw new EventStoreError('overloaded', 'Too many appends wait for DynamoDB.', {
        details: { retryAfterSeconds: 1 },
      });
    }
    this.#queuedBytes += bytes;
    try {
      return await this.#tracked(this.#append(append, ticket));
    } finally {
      this.#queuedBytes -= bytes;
    }
  }

  async #append(append: StreamAppend, ticket: AppendTicket): Promise<AppendResult> {
    const backoff = new Backoff(this.#world, contentionBackoff);
    let plan = await this.#firstPlan(append);
    for (let failures = 0; plan.step === 'write'; failures++) {
      const head = await this.#inFeed(append.streamId, plan.head);
      if (ticket.isExpired) throw ticket.expiry();
      const outcome = await this.#enqueue((settle) => ({
        kind: 'append',
        append,
        head,
        ticket,
        alone: failures > 1,
        ...settle,
      }));
      if (outcome !== 'again') return appended(append, outcome);
      ticket.noteNotStored();
      if (failures > 0) await backoff.wait();
      plan = await planByQuery(this.#world, append);
    }
    return plan.result;
  }

  async #firstPlan(append: StreamAppend): Promise<AppendPlan> {
    const known = this.#heads.get(append.streamId);
    if (known === undefined) return planByQuery(this.#world, append);
    if (this.#trust.isHigh) return planBehind(append, known) ?? planByQuery(this.#world, append);
    const plan = await planByQuery(this.#world, append);
    if (plan.step === 'write') this.#trust.note(plan.head.version > known.version ? 'stale' : 'current');
    return plan;
  }

  /** The head with the record that brought it into the feed, once it has one. */
  async #inFeed(streamId: string, head: Head): Promise<Head> {
    if (head.version === 0 || head.lane !== undefined) return head;
    const lane = await coverWithRuns(this.#world, { streamId, version: head.version, write: this.writeRun });
    return { ...head, lane };
  }

  /** Names a run of events without a lane in a record of its own; another instance may be first. */
  readonly writeRun = async (entry: LaneEntry): Promise<void> => {
    await this.#tracked(this.#enqueue((settle) => ({ kind: 'run', entry, alone: true, ...settle })));
  };

  #enqueue(member: (settle: Pick<GroupMember, 'settle' | 'fail'>) => GroupMember): Promise<MemberOutcome> {
    const { promise, resolve, reject } = Promise.withResolvers<MemberOutcome>();
    this.#queue.push(member({ settle: resolve, fail: reject }));
    this.#dispatchSoon();
    return promise;
  }

  /** Once what happens now has happened, so that appends that arrive together go together. */
  #dispatchSoon(): void {
    if (this.#isDispatchDue) return;
    this.#isDispatchDue = true;
    queueMicrotask(() => {
      this.#isDispatchDue = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    if (this.#queue.length === 0) return;
    const lanes = [...this.#lanes];
    if (lanes.some(({ state }) => state === 'busy')) return;
    const lane = lanes.find(({ state }) => state === 'free');
    if (lane === undefined) {
      if (!this.#isOpening && lanes.length < lanesMax) void this.#tracked(this.#openLane());
      return;
    }
    const group = this.#takeGroup(lane.next);
    if (!group.isEmpty) void this.#tracked(this.#write(lane, group));
  }

  async #openLane(): Promise<void> {
    this.#isOpening = true;
    try {
      this.#lanes.add(new Lane(await openLane(this.#world)));
    } catch (error) {
      for (const member of this.#queue.splice(0)) member.fail(error);
    } finally {
      this.#isOpening = false;
      this.#dispatchSoon();
    }
  }

  #takeGroup(place: LanePlace): LaneGroup {
    const { random, clock } = this.#world;
    const group = new LaneGroup({ place, nonce: random.nonce(), nowMs: clock.now() });
    const waiting: GroupMember[] = [];
    for (const member of this.#queue) {
      if (member.kind === 'append' && member.ticket.isExpired) {
        member.fail(member.ticket.expiry());
        continue;
      }
      const result = group.add(member, this.#heads);
      if (result === 'wait') waiting.push(member);
      if (result === 'again') member.settle('again');
    }
    this.#queue = waiting;
    return group;
  }

  async #write(lane: Lane, group: LaneGroup): Promise<void> {
    const { clock } = this.#world;
    const startMs = clock.monotonicMs();
    lane.state = 'busy';
    lane.usedMs = startMs;
    const doubt = () => {
      lane.state = 'doubtful';
      this.#dispatchSoon();
    };
    const doubtTimer = clock.after(doubtMs, doubt);
    for (const member of group.members) if (member.kind === 'append') member.ticket.noteSent();
    const laid = group.items();
    const items = laid.map(({ item }) => item);
    try {
      const result = await definiteTransaction(this.#world, { items, nonce: group.nonce, onUnknown: doubt });
      if (result.outcome === 'won') this.#won(lane, group, { items, tookMs: clock.monotonicMs() - startMs });
      if (result.outcome === 'lost') this.#lost(lane, laid, result.inTheWay);
      if (result.outcome === 'invalid') this.#invalid(group, result.cause);
    } catch (error) {
      for (const member of group.members) member.fail(error);
    } finally {
      doubtTimer.cancel();
      lane.state = 'free';
      this.#dispatchSoon();
      this.#endSpareLanes();
    }
  }

  #endSpareLanes(): void {
    const nowMs = this.#world.clock.monotonicMs();
    const [, ...spare] = [...this.#lanes].filter(({ state }) => state === 'free');
    for (const lane of spare) {
      if (nowMs - lane.usedMs < spareMsMax) continue;
      this.#lanes.delete(lane);
      void this.#tracked(this.#seal(lane));
    }
  }

  /** What is not sealed now, others seal some day. */
  async #seal({ next, number }: Lane): Promise<void> {
    try {
      await definitePut(this.#world, encodeSeal(next, this.#world.random.nonce()));
    } catch (error) {
      this.#world.observer.notice?.({ level: 'warn', message: `Lane ${number} could not be sealed: ${error}` });
    }
    this.#onLaneEnd(number);
  }

  #won(lane: Lane, group: LaneGroup, { items, tookMs }: { items: readonly Item[]; tookMs: number }): void {
    lane.advance();
    group.win(this.#heads);
    const events = group.entries.reduce((sum, { count }) => sum + count, 0);
    const appends = group.members.filter(({ kind }) => kind === 'append').length;
    for (const _ of group.members) this.#trust.note('current');
    this.#onRecord({ place: group.place, entries: group.entries, items });
    this.#world.observer.groupCommitted?.({ appends, events, bytes: 0, syncSeconds: tookMs / 1000 });
  }

  /** The content can never be stored: those in whose way something stands are planned anew, the others go again. */
  #lost(lane: Lane, laid: ReturnType<LaneGroup['items']>, inTheWay: ReadonlyMap<number, Item>): void {
    const record = inTheWay.get(0);
    if (record !== undefined) {
      this.#lanes.delete(lane);
      this.#onLaneEnd(lane.number);
      const message = `Lane ${lane.number} was ended by another instance; a new one is opened.`;
      this.#world.observer.notice?.({ level: record.seal === 1 ? 'info' : 'error', message });
    }
    const members = new Set(laid.flatMap(({ member }) => (member === undefined ? [] : [member])));
    const hitStreams = new Set([...inTheWay.keys()].flatMap((index) => streamsOf(laid[index]?.member)));
    const others: GroupMember[] = [];
    for (const member of members) {
      if (member.kind === 'append') member.ticket.noteNotStored();
      if (!hitStreams.has(streamOf(member))) {
        others.push(member);
      } else {
        this.#heads.forget(streamOf(member));
        this.#trust.note('stale');
        member.settle('again');
      }
    }
    this.#queue.unshift(...others);
  }

  /** One of them is wrong in itself; alone it shows which. */
  #invalid(group: LaneGroup, cause: unknown): void {
    const [only, ...others] = group.members;
    if (only !== undefined && others.length === 0) {
      only.fail(writeRefused(cause));
      return;
    }
    for (const member of group.members) member.alone = true;
    this.#queue.unshift(...group.members);
  }

  #tracked<Result>(work: Promise<Result>): Promise<Result> {
    const ended: Promise<unknown> = work.then(
      () => this.#working.delete(ended),
      () => this.#working.delete(ended),
    );
    this.#working.add(ended);
    return work;
  }

  /** Waits for what is under way and seals the lanes, so that nobody has to look at them any more. */
  async close(): Promise<void> {
    const late = pause(this.#world, closeMs);
    while (this.#working.size > 0) {
      const ended = await Promise.race([Promise.all(this.#working).then(() => true), late.then(() => false)]);
      if (!ended) break;
    }
    const free = [...this.#lanes].filter(({ state }) => state === 'free');
    await Promise.race([Promise.all(free.map((lane) => this.#seal(lane))), late]);
  }
}

function streamsOf(member: GroupMember | undefined): readonly string[] {
  return member === undefined ? [] : [streamOf(member)];
}
