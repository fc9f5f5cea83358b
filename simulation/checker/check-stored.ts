/** Invariants of what is stored, whoever asked for it: I1, I2, I13, I14. */
import type { Finding } from './finding.ts';
import type { History, SeenEvent, StoredRead } from './history.ts';
import type { StoredState } from './stored-state.ts';

export function* checkStreams({ streams }: StoredState): Generator<Finding> {
  for (const [streamId, events] of streams) {
    const wrong = events.findIndex((event, index) => event.version !== index + 1 || event.streamId !== streamId);
    if (wrong < 0) continue;
    yield { invariant: 'I1', message: `${streamId} has ${describeEvent(events[wrong])} as event ${wrong + 1}` };
  }
}

export function* checkFeed({ feed, streams }: StoredState): Generator<Finding> {
  const counts = new Map<string, number>();
  for (const [index, event] of feed.entries()) {
    const { position, streamId, version, content } = event;
    if (position !== index + 1) yield { invariant: 'I2', message: `position ${position} is event ${index + 1}` };
    const inStream = streams.get(streamId)?.[version - 1];
    const expected = (counts.get(streamId) ?? 0) + 1;
    if (version !== expected || inStream?.content !== content) {
      yield { invariant: 'I2', message: `the feed has ${describeEvent(event)}, the stream ${describeEvent(inStream)}` };
    }
    counts.set(streamId, expected);
  }
  for (const [streamId, events] of streams) {
    const count = counts.get(streamId) ?? 0;
    if (count === events.length) continue;
    yield { invariant: 'I2', message: `the feed has ${count} events of ${streamId}, which has ${events.length}` };
  }
}

export function* checkTimes({ feed }: StoredState): Generator<Finding> {
  let before = '';
  for (const { time = before, position } of feed) {
    if (time < before) yield { invariant: 'I13', message: `${time} follows ${before} at position ${position}` };
    before = time;
  }
}

/** Compares what was read before and after the last, clean restart. */
export function* checkRestart(history: History): Generator<Finding> {
  const stored = history.filter((each): each is StoredRead => each.kind === 'stored');
  const isPast = ({ moment }: StoredRead) => moment === 'healed';
  for (const before of stored.filter(isPast)) {
    const after = stored.find((each) => !isPast(each) && each.streamId === before.streamId);
    if (after === undefined || isSame(before.events, after.events)) continue;
    const what = before.streamId ?? 'the feed';
    const message = `${what} had ${before.events.length} events, and has ${after.events.length} or others`;
    yield { invariant: 'I14', message };
  }
}

function isSame(before: readonly SeenEvent[], after: readonly SeenEvent[]): boolean {
  return before.length === after.length && before.every((event, index) => isSameEvent(event, after[index]));
}

/** Whether two readers saw the same event at the same place. */
export function isSameEvent(one: SeenEvent, other: SeenEvent | undefined): boolean {
  return (
    one.streamId === other?.streamId &&
    one.version === other.version &&
    one.content === other.content &&
    one.type === other.type &&
    (one.position === undefined || other.position === undefined || one.position === other.position)
  );
}

export function describeEvent(event: SeenEvent | undefined): string {
  if (event === undefined) return 'nothing';
  const { streamId, version, position, content } = event;
  return `${streamId} ${version} (position ${position ?? 'not told'}, content ${content})`;
}
