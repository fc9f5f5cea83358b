/**
 * The sweep agrees with brute force: on small histories whose times were mixed up at random, it
 * finds something exactly when no order of the operations agrees with real time.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkOrder } from '../../simulation/checker/check-order.ts';
import type { Call, History, HistoryRecord } from '../../simulation/checker/history.ts';
import { type FeedEvent, StoredState } from '../../simulation/checker/stored-state.ts';
import { type SeededRandom, seededRandom } from '../../simulation/seeded-random.ts';
import { modelHistory } from './model-history.ts';

const histories = 6_000;

test(`${histories} small histories are judged as by brute force`, (context) => {
  let wrong = 0;
  for (let seed = 1; seed <= histories; seed++) {
    const history = mixedUp(smallHistory(seed), seededRandom(seed));
    const state = new StoredState(history);
    const isSerializable = bruteForce(operationsOf(history, state), state);
    const findings = [...checkOrder(history, state, 'store')];
    assert.equal(findings.length === 0, isSerializable, `seed ${seed}: ${findings[0]?.message}`);
    if (!isSerializable) wrong++;
  }
  context.diagnostic(`${wrong} of them have no order`);
  assert.ok(wrong > histories / 5 && wrong < (histories * 4) / 5);
});

/** Short enough to try all orders; of the subscribers, only what they saw first. */
function smallHistory(seed: number): HistoryRecord[] {
  const history = modelHistory({ seed, steps: 26 });
  return history.map((each) =>
    each.kind === 'connection' ? { ...each, saw: each.saw.slice(0, 1), sawMs: each.sawMs.slice(0, 1) } : each,
  );
}

/** Exchanges the times of some calls, so that they may contradict what was told. */
function mixedUp(history: HistoryRecord[], random: SeededRandom): History {
  const isCall = (each: HistoryRecord) =>
    each.kind === 'append' || each.kind === 'stream-read' || each.kind === 'feed-read';
  const calls = history.filter(isCall) as (HistoryRecord & Call)[];
  const times = new Map(calls.map((call) => [call as HistoryRecord, call as Pick<Call, 'invokedMs' | 'returnedMs'>]));
  for (let count = random.below(4); count > 0 && calls.length > 0; count--) {
    const one = calls[random.below(calls.length)] as HistoryRecord;
    const other = calls[random.below(calls.length)] as HistoryRecord;
    const before = times.get(one) as Call;
    times.set(one, times.get(other) as Call);
    times.set(other, before);
  }
  return history.map((each) => {
    const { invokedMs, returnedMs } = times.get(each) ?? {};
    return invokedMs === undefined || returnedMs === undefined ? each : { ...each, invokedMs, returnedMs };
  });
}

/** Something that happened at one instant; whether it can, with so many appends done before. */
interface Operation {
  readonly invokedMs: number;
  readonly returnedMs: number;
  readonly isPossible: (done: Done) => boolean;
  readonly appends: boolean;
}

/** The store after the first appends of the feed. */
interface Done {
  readonly appends: number;
  readonly position: number;
  readonly versions: ReadonlyMap<string, number>;
}

function bruteForce(operations: readonly Operation[], state: StoredState): boolean {
  const states: Done[] = [{ appends: 0, position: 0, versions: new Map() }];
  for (const event of state.feed) {
    if (state.endOf(event) !== event) continue;
    const before = states.at(-1) as Done;
    const versions = new Map([...before.versions, [event.streamId, event.version]]);
    states.push({ appends: before.appends + 1, position: event.position, versions });
  }
  const failed = new Set<number>();
  const isOrderable = (left: number, appends: number): boolean => {
    if (left === 0) return true;
    const key = left * states.length + appends;
    if (failed.has(key)) return false;
    const leftOnes = operations.filter((_, index) => left & (1 << index));
    const firstReturnMs = Math.min(...leftOnes.map(({ returnedMs }) => returnedMs));
    for (const [index, { invokedMs, isPossible, appends: isAppend }] of operations.entries()) {
      const isNext = left & (1 << index) && invokedMs <= firstReturnMs && isPossible(states[appends] as Done);
      if (isNext && isOrderable(left - (1 << index), isAppend ? appends + 1 : appends)) return true;
    }
    failed.add(key);
    return false;
  };
  assert.ok(operations.length < 30, `${operations.length} operations`);
  return isOrderable(2 ** operations.length - 1, 0);
}

function operationsOf(history: History, state: StoredState): readonly Operation[] {
  const ends = state.feed.filter((event) => state.endOf(event) === event);
  const observed = (call: Call, isPossible: Operation['isPossible']) => ({ ...call, isPossible, appends: false });
  const versionOf = ({ versions }: Done, streamId: string) => versions.get(streamId) ?? 0;
  const reads = history.flatMap((each): Operation[] => {
    if (each.kind === 'append' && each.answer.outcome === 'conflict') {
      const { currentVersion } = each.answer;
      return [observed(each, (done) => versionOf(done, each.streamId) === currentVersion)];
    }
    if (each.kind === 'stream-read') {
      const { head, saw, streamId, from = 1, isForward, isToEnd } = each;
      const newest = Math.max(0, ...saw.map(({ version }) => version));
      return [
        ...(head === undefined ? [] : [observed(each, (done) => versionOf(done, streamId) === head)]),
        observed(each, (done) => versionOf(done, streamId) >= newest),
        ...(saw.length === 0 && from > 0 ? [observed(each, (done) => versionOf(done, streamId) < from)] : []),
        ...(isToEnd && isForward ? [observed(each, (done) => versionOf(done, streamId) === newest)] : []),
      ];
    }
    if (each.kind === 'feed-read') {
      const { saw, through, isAtEnd } = each;
      const newest = Math.max(0, ...saw.map(({ position = 0 }) => position));
      return [observed(each, ({ position }) => (isAtEnd ? position === through : position >= newest))];
    }
    if (each.kind !== 'connection') return [];
    return each.saw.map(({ position = 0 }, index) =>
      observed({ ...each, returnedMs: each.sawMs[index] as number }, (done) => done.position >= position),
    );
  });
  const appends = [...state.requests.values()].flatMap(({ calls, stored }): Operation[] => {
    const index = ends.lastIndexOf(stored.at(-1) as FeedEvent);
    if (index < 0) return [];
    const isNext = ({ appends: done }: Done) => done === index;
    const fresh = calls.find(({ answer }) => answer.outcome === 'ok' && !answer.isReplay);
    const unknown = calls.filter(({ answer }) => answer.outcome === 'unknown').map(({ invokedMs }) => invokedMs);
    const times = fresh ?? { invokedMs: Math.min(...unknown), returnedMs: Number.POSITIVE_INFINITY };
    const replays = calls.filter(({ answer }) => answer.outcome === 'ok' && answer.isReplay);
    return [
      { ...times, isPossible: isNext, appends: true },
      ...replays.map((call) => observed(call, ({ appends: done }) => done > index)),
    ];
  });
  return [...appends, ...reads];
}
