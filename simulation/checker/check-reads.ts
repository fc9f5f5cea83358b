/** Invariants of reads and subscriptions: I4 at their ends, I10, I11, I12. */
import { describeEvent, isSameEvent } from './check-stored.ts';
import type { Finding } from './finding.ts';
import { type Connection, type FeedRead, type History, passes, type SeenEvent, type StreamRead } from './history.ts';
import type { StoredState } from './stored-state.ts';

export function* checkReads(history: History, state: StoredState): Generator<Finding> {
  for (const each of history) {
    if (each.kind === 'stream-read') yield* checkStreamRead(each, state);
    if (each.kind === 'feed-read') yield* checkFeedRead(each, state);
    if (each.kind === 'connection') yield* checkConnection(each, state);
  }
}

function* checkStreamRead({ streamId, head, saw, from, isForward, isToEnd }: StreamRead, state: StoredState) {
  const what = `a read of ${streamId}`;
  yield* checkSeen(what, saw, state);
  const start = from ?? saw[0]?.version ?? 0;
  const gap = saw.findIndex(({ version }, index) => version !== start + (isForward ? index : -index));
  if (gap >= 0) yield gapIn(`${what} from ${from}`, saw[gap]);
  const last = isToEnd && isForward ? saw.at(-1)?.version : undefined;
  for (const end of [head, last]) {
    if (end === undefined || state.isEnd(streamId, end)) continue;
    const isStored = state.at(streamId, end) !== undefined;
    const message = `${what} was told ${end}, which is ${isStored ? 'inside of an append' : 'not there'}`;
    yield { invariant: isStored ? 'I4' : 'I10', message } as const;
  }
}

function* checkFeedRead({ after, filter, saw, through, isAtEnd }: FeedRead, state: StoredState): Generator<Finding> {
  const what = `a read of the feed after ${after} through ${through}`;
  yield* checkSeen(what, saw, state);
  const expected = state.feed.slice(after, through).filter((event) => passes(event, filter));
  yield* checkSequence(what, { saw, expected, isComplete: true });
  if (isAtEnd) yield* checkFeedEnd(what, through, state);
}

function* checkConnection(connection: Connection, state: StoredState): Generator<Finding> {
  const { client, streamId, after, saw, ends, through } = connection;
  const what = `${client} from ${after} on`;
  yield* checkSeen(what, saw, state);
  const cursorOf = cursorIn(connection);
  const expected = expectedOf(connection, state);
  yield* checkSequence(what, { saw, expected, isComplete: false });
  const skipped = expected.find((event, index) => index >= saw.length && cursorOf(event) <= through);
  if (skipped) yield gapIn(`${what}, told that it has come to ${through},`, skipped);
  for (const { cursor } of ends) {
    if (streamId === undefined) yield* checkFeedEnd(what, cursor, state);
    else if (!state.isEnd(streamId, cursor)) {
      yield { invariant: 'I4', message: `${what} was told the end ${cursor}, which is inside of an append` };
    }
  }
}

function* checkFeedEnd(what: string, position: number, state: StoredState): Generator<Finding> {
  const event = state.feed[position - 1];
  if (position === 0 || (event !== undefined && state.endOf(event) === event)) return;
  const problem = event === undefined ? 'not there' : 'inside of an append';
  yield {
    invariant: event === undefined ? 'I10' : 'I4',
    message: `${what} was told the end ${position}, which is ${problem}`,
  };
}

function* checkSeen(what: string, saw: readonly SeenEvent[], state: StoredState): Generator<Finding> {
  for (const event of saw) {
    const stored = state.at(event.streamId, event.version);
    if (isSameEvent(event, stored)) continue;
    yield { invariant: 'I10', message: `${what} saw ${describeEvent(event)}; stored is ${describeEvent(stored)}` };
  }
}

function* checkSequence(
  what: string,
  { saw, expected, isComplete }: { saw: readonly SeenEvent[]; expected: readonly SeenEvent[]; isComplete: boolean },
): Generator<Finding> {
  const wrong = saw.findIndex((event, index) => !isSameEvent(event, expected[index]));
  if (wrong >= 0) yield gapIn(what, saw[wrong], expected[wrong]);
  else if (isComplete && saw.length < expected.length) yield gapIn(what, undefined, expected[saw.length]);
}

function gapIn(what: string, got: SeenEvent | undefined, expected?: SeenEvent): Finding {
  const instead = expected === undefined ? '' : ` instead of ${describeEvent(expected)}`;
  return { invariant: 'I11', message: `${what} got ${describeEvent(got)}${instead}` };
}

function expectedOf({ streamId, filter, after }: Connection, state: StoredState): readonly SeenEvent[] {
  if (streamId !== undefined) return (state.streams.get(streamId) ?? []).slice(after);
  return state.feed.slice(after).filter((event) => passes(event, filter));
}

function cursorIn({ streamId }: Connection): (event: SeenEvent) => number {
  return ({ version, position = 0 }) => (streamId === undefined ? position : version);
}

/** Connections of one subscriber go on where the one before ended, and the last one comes to the end. */
export function* checkSubscribers(
  history: History,
  state: StoredState,
  { catchUpMsMax }: { readonly catchUpMsMax: number },
): Generator<Finding> {
  const connections = history.filter((each): each is Connection => each.kind === 'connection');
  const healedMs = history.find((each) => each.kind === 'healed')?.atMs;
  for (const [client, own] of Map.groupBy(connections, (each) => each.client)) {
    let through = own[0]?.after ?? 0;
    for (const connection of own) {
      if (connection.after !== through) {
        yield { invariant: 'I11', message: `${client} went on from ${connection.after}, not from ${through}` };
      }
      through = connection.through;
    }
    if (healedMs === undefined) continue;
    const last = expectedOf(own[0] as Connection, state).at(-1);
    const reachedMs = last === undefined ? healedMs : whenSeen(own, last);
    if (reachedMs !== undefined && reachedMs - healedMs <= catchUpMsMax) continue;
    const when = reachedMs === undefined ? 'never' : `after ${Math.round(reachedMs - healedMs)} ms`;
    yield { invariant: 'I12', message: `${client} got ${describeEvent(last)} ${when}` };
  }
}

function whenSeen(connections: readonly Connection[], event: SeenEvent): number | undefined {
  for (const { saw, sawMs } of connections.toReversed()) {
    const index = saw.findLastIndex((each) => isSameEvent(each, event));
    if (index >= 0) return sawMs[index];
  }
  return undefined;
}
