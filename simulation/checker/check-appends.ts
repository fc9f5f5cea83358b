/** Invariants of each request and what it was told: I3 to I8, I15. */
import { describeEvent } from './check-stored.ts';
import type { Finding } from './finding.ts';
import type { AppendAnswer, AppendCall } from './history.ts';
import type { Request, StoredState } from './stored-state.ts';

export function* checkAppends(state: StoredState): Generator<Finding> {
  for (const request of state.requests.values()) {
    yield* checkWhole(request);
    yield* checkRefusals(request);
    yield* checkRepeats(request);
    for (const call of request.calls) {
      if (call.answer.outcome === 'ok') yield* checkTold(call, call.answer, state);
      if (call.answer.outcome === 'conflict') yield* checkConflict(call, call.answer.currentVersion, state);
    }
  }
  yield* checkStrangers(state);
  yield* checkNames(state);
}

/** I4 and I5: all events of a request stand together, in order, once; or none is there. */
function* checkWhole({ number, calls, stored }: Request): Generator<Finding> {
  const [call] = calls;
  const [first] = stored;
  if (call === undefined || first === undefined) return;
  const count = (content: string) => stored.filter((event) => event.content === content).length;
  if (call.contents.some((content) => count(content) > 1)) {
    yield { invariant: 'I5', message: `request ${number} is stored more than once, first at ${describeEvent(first)}` };
    return;
  }
  const isWhole =
    stored.length === call.contents.length &&
    stored.every(
      ({ content, streamId, version, position = 0 }, index) =>
        content === call.contents[index] &&
        streamId === call.streamId &&
        version === first.version + index &&
        position === (first.position ?? 0) + index,
    );
  if (isWhole) return;
  const message = `${stored.length} of ${call.contents.length} events of request ${number} are in their place behind ${describeEvent(first)}`;
  yield { invariant: 'I4', message };
}

/** I3 and I7: an acknowledged append is stored where it was told. */
function* checkTold(
  { request, streamId, contents, expectedVersion }: AppendCall,
  told: AppendAnswer & { outcome: 'ok' },
  state: StoredState,
): Generator<Finding> {
  const { firstVersion, version, position } = told;
  if (expectedVersion !== undefined && firstVersion !== expectedVersion) {
    yield { invariant: 'I7', message: `request ${request} expected ${expectedVersion} and was told ${firstVersion}` };
  }
  const wrong = contents.findIndex((content, index) => state.at(streamId, firstVersion + index)?.content !== content);
  const last = state.at(streamId, version);
  const isEnd = version === firstVersion + contents.length - 1 && (position ?? last?.position) === last?.position;
  if (wrong < 0 && isEnd) return;
  const at = firstVersion + Math.max(wrong, 0);
  const message = `request ${request} was told ${streamId} ${firstVersion} to ${version}, position ${position}; there is ${describeEvent(state.at(streamId, at))}`;
  yield { invariant: 'I3', message };
}

/**
 * I6: a request that was refused each time is not stored; nor is one with ids that was told a
 * conflict because its version is taken, since it would have been told its own success.
 */
function* checkRefusals({ number, calls, stored }: Request): Generator<Finding> {
  if (stored.length === 0) return;
  const isDefinite = calls.every(({ answer }) => answer.outcome === 'conflict' || answer.outcome === 'rejected');
  const taken = calls.find(
    ({ answer, ids, expectedVersion = 0 }) =>
      ids !== undefined && answer.outcome === 'conflict' && answer.currentVersion >= expectedVersion,
  );
  if (!isDefinite && taken === undefined) return;
  const { answer } = taken ?? (calls[0] as AppendCall);
  const message = `request ${number} was refused (${JSON.stringify(answer)}) and is stored at ${describeEvent(stored[0])}`;
  yield { invariant: 'I6', message };
}

/** I15: whoever asks again is told the same, and stored it once. */
function* checkRepeats({ number, calls }: Request): Generator<Finding> {
  const told = calls.flatMap(({ answer }) => (answer.outcome === 'ok' ? [answer] : []));
  const texts = new Set(told.map(({ firstVersion, version, position }) => `${firstVersion}-${version}@${position}`));
  if (texts.size > 1) {
    yield { invariant: 'I15', message: `request ${number} was told ${[...texts].join(', then ')}` };
  }
  if (told.filter(({ isReplay }) => !isReplay).length > 1) {
    yield { invariant: 'I15', message: `request ${number} was told more than once that it was new` };
  }
  const [only] = calls;
  if (calls.length === 1 && only?.answer.outcome === 'ok' && only.answer.isReplay) {
    yield { invariant: 'I15', message: `request ${number} was sent once and told that it was a repeat` };
  }
}

/** I8, in real time against the stream alone; I9 compares with everything else. */
function* checkConflict(call: AppendCall, currentVersion: number, state: StoredState): Generator<Finding> {
  const { request, streamId, expectedVersion, invokedMs, returnedMs } = call;
  const told = `request ${request} expected ${expectedVersion} of ${streamId} and was told ${currentVersion}`;
  if (expectedVersion === undefined || currentVersion + 1 === expectedVersion) {
    yield { invariant: 'I8', message: `${told}, which is no conflict` };
  }
  const last = state.at(streamId, currentVersion);
  const next = state.at(streamId, currentVersion + 1);
  if (currentVersion > 0 && last === undefined) {
    yield { invariant: 'I8', message: `${told}, which never was` };
  } else if (!state.isEnd(streamId, currentVersion)) {
    yield { invariant: 'I4', message: `${told}, which is inside of an append` };
  }
  const begun = last && Math.min(...(state.requestOf(last)?.calls ?? []).map((each) => each.invokedMs));
  if (begun !== undefined && begun > returnedMs) {
    yield { invariant: 'I8', message: `${told}, which was asked for only later` };
  }
  const acknowledged = next && acknowledgedMs(state.requestOf(next));
  if (acknowledged !== undefined && acknowledged < invokedMs) {
    yield { invariant: 'I8', message: `${told}, although the next was acknowledged before` };
  }
}

/** When somebody was first told that a request is stored. */
function acknowledgedMs(request: Request | undefined): number | undefined {
  const told = (request?.calls ?? []).filter(({ answer }) => answer.outcome === 'ok');
  return told.length === 0 ? undefined : Math.min(...told.map(({ returnedMs }) => returnedMs));
}

/** I3: nothing is stored that nobody sent. */
function* checkStrangers(state: StoredState): Generator<Finding> {
  for (const event of state.feed) {
    if (state.requestOf(event) !== undefined) continue;
    yield { invariant: 'I3', message: `nobody sent ${describeEvent(event)}` };
  }
}

/** I5: within a stream a client's name stands for one event. */
function* checkNames({ requests }: StoredState): Generator<Finding> {
  const taken = new Map<string, number>();
  for (const { number, calls, stored } of requests.values()) {
    const [call] = calls;
    if (stored.length === 0 || call?.ids === undefined) continue;
    for (const id of call.ids) {
      const name = `${id} ${call.streamId}`;
      const other = taken.get(name);
      if (other !== undefined) {
        yield { invariant: 'I5', message: `requests ${other} and ${number} both stored ${id} in ${call.streamId}` };
      }
      taken.set(name, number);
    }
  }
}
