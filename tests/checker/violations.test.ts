/** Each invariant has a history that breaks it, which is found by the invariant's name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkHistory, expectNoFinding } from '../../simulation/checker/check-history.ts';
import { type InvariantId, invariants } from '../../simulation/checker/finding.ts';
import type {
  AppendCall,
  Connection,
  FeedRead,
  HistoryRecord,
  SeenEvent,
  StoredRead,
  StreamRead,
} from '../../simulation/checker/history.ts';

/** Stream `a` has 1, then 2 and 3 as one append, then 4; stream `b` has 1 between the last two. */
const stored: readonly (SeenEvent & { readonly time: string })[] = [
  { streamId: 'a', version: 1, position: 1, type: 'x', content: 'one', time: '1' },
  { streamId: 'a', version: 2, position: 2, type: 'x', content: 'two', time: '2' },
  { streamId: 'a', version: 3, position: 3, type: 'y', content: 'three', time: '2' },
  { streamId: 'b', version: 1, position: 4, type: 'x', content: 'four', time: '3' },
  { streamId: 'a', version: 4, position: 5, type: 'y', content: 'five', time: '4' },
];

const writer = { kind: 'append', client: 'writer', streamId: 'a' } as const;
const ok = { outcome: 'ok', isReplay: false } as const;

function cleanHistory() {
  return {
    first: {
      ...{ ...writer, request: 1, invokedMs: 10, returnedMs: 20, expectedVersion: 1, contents: ['one'], ids: ['one'] },
      answer: { ...ok, firstVersion: 1, version: 1, position: 1 },
    } as AppendCall,
    repeat: {
      ...{ ...writer, request: 1, invokedMs: 22, returnedMs: 28, expectedVersion: 1, contents: ['one'], ids: ['one'] },
      answer: { outcome: 'ok', firstVersion: 1, version: 1, position: 1, isReplay: true },
    } as AppendCall,
    batch: {
      ...{ ...writer, request: 2, invokedMs: 30, returnedMs: 40, contents: ['two', 'three'] },
      answer: { ...ok, firstVersion: 2, version: 3, position: 3 },
    } as AppendCall,
    conflict: {
      ...{
        ...writer,
        request: 3,
        invokedMs: 45,
        returnedMs: 46,
        expectedVersion: 3,
        contents: ['never'],
        ids: ['never'],
      },
      answer: { outcome: 'conflict', currentVersion: 3 },
    } as AppendCall,
    other: {
      ...{ ...writer, streamId: 'b', request: 4, invokedMs: 50, returnedMs: 60, contents: ['four'] },
      answer: { ...ok, firstVersion: 1, version: 1, position: 4 },
    } as AppendCall,
    unknown: {
      ...{ ...writer, request: 5, invokedMs: 65, returnedMs: 75, contents: ['five'] },
      answer: { outcome: 'unknown', reason: 'reset' },
    } as AppendCall,
    read: {
      ...{ kind: 'stream-read', client: 'reader', streamId: 'a', invokedMs: 61, returnedMs: 64, head: 3, from: 1 },
      ...{ isForward: true, isToEnd: true, saw: stored.slice(0, 3) },
    } as StreamRead,
    feedRead: {
      ...{ kind: 'feed-read', client: 'reader', invokedMs: 61, returnedMs: 64, after: 1, through: 4, isAtEnd: true },
      ...{ filter: { types: ['x'] }, saw: [stored[1], stored[3]] },
    } as FeedRead,
    connection: {
      ...{ kind: 'connection', client: 'subscriber', invokedMs: 0, returnedMs: 62, after: 0, through: 4 },
      ...{ saw: stored.slice(0, 4), sawMs: [20, 41, 41, 60], ends: [{ cursor: 4, atMs: 60 }] },
    } as Connection,
    connectedAgain: {
      ...{ kind: 'connection', client: 'subscriber', invokedMs: 70, returnedMs: 110, after: 4, through: 5 },
      ...{ saw: stored.slice(4), sawMs: [105], ends: [{ cursor: 5, atMs: 105 }] },
    } as Connection,
    healed: { kind: 'healed', atMs: 100 } as HistoryRecord,
    feed: { kind: 'stored', moment: 'healed', events: stored } as StoredRead,
    a: {
      kind: 'stored',
      moment: 'healed',
      streamId: 'a',
      events: stored.filter(({ streamId }) => streamId === 'a'),
    } as StoredRead,
    b: {
      kind: 'stored',
      moment: 'healed',
      streamId: 'b',
      events: stored.filter(({ streamId }) => streamId === 'b'),
    } as StoredRead,
    restarted: { kind: 'stored', moment: 'restarted', events: stored } as StoredRead,
  };
}

type Clean = ReturnType<typeof cleanHistory>;

function findingsIn(change: (clean: Clean) => Partial<Clean>): readonly InvariantId[] {
  const clean = cleanHistory();
  return checkHistory(Object.values({ ...clean, ...change(clean) })).map(({ invariant }) => invariant);
}

interface Violation {
  readonly invariant: InvariantId;
  readonly name: string;
  readonly change: (clean: Clean) => Partial<Clean>;
}

/** The same events at every place where they are stored. */
function storing(clean: Clean, events: readonly SeenEvent[]): Partial<Clean> {
  const of = (name: string) => events.filter(({ streamId }) => streamId === name);
  return {
    feed: { ...clean.feed, events },
    restarted: { ...clean.restarted, events },
    a: { ...clean.a, events: of('a') },
    b: { ...clean.b, events: of('b') },
  };
}

function without(events: readonly SeenEvent[], ...contents: readonly string[]): readonly SeenEvent[] {
  return events.filter(({ content }) => !contents.includes(content));
}

function replaced(index: number, change: Partial<SeenEvent>): readonly SeenEvent[] {
  return stored.map((event, at) => (at === index ? { ...event, ...change } : event));
}

const violations: readonly Violation[] = [
  {
    invariant: 'I1',
    name: 'a version is missing',
    change: ({ a }) => ({ a: { ...a, events: without(a.events, 'two') } }),
  },
  {
    invariant: 'I1',
    name: 'a version is there twice',
    change: ({ a }) => ({ a: { ...a, events: a.events.flatMap((event) => [event, event]) } }),
  },
  {
    invariant: 'I2',
    name: 'a position is missing',
    change: ({ feed }) => ({ feed: { ...feed, events: without(stored, 'four') } }),
  },
  {
    invariant: 'I2',
    name: 'the feed has another event than the stream',
    change: ({ b }) => ({ b: { ...b, events: b.events.map((event) => ({ ...event, content: 'other' })) } }),
  },
  {
    invariant: 'I2',
    name: 'the feed lacks the end of a stream',
    change: ({ b }) => ({ b: { ...b, events: [...b.events, { ...(stored[3] as SeenEvent), version: 2 }] } }),
  },
  { invariant: 'I3', name: 'an acknowledged event is lost', change: (clean) => storing(clean, stored.slice(0, 3)) },
  {
    invariant: 'I3',
    name: 'other bytes are stored',
    change: (clean) => storing(clean, replaced(3, { content: 'changed' })),
  },
  {
    invariant: 'I3',
    name: 'an append was told another position',
    change: ({ other }) => ({ other: { ...other, answer: { ...ok, firstVersion: 1, version: 1, position: 5 } } }),
  },
  { invariant: 'I4', name: 'half of an append is stored', change: (clean) => storing(clean, without(stored, 'three')) },
  {
    invariant: 'I4',
    name: 'half of an unknown append is stored',
    change: ({ unknown }) => ({ unknown: { ...unknown, contents: ['five', 'six'] } }),
  },
  {
    invariant: 'I4',
    name: 'a read ends inside of an append',
    change: ({ read }) => ({ read: { ...read, head: 2, saw: stored.slice(0, 2) } }),
  },
  {
    invariant: 'I4',
    name: 'the feed ends inside of an append',
    change: ({ feedRead }) => ({ feedRead: { ...feedRead, through: 2, saw: stored.slice(1, 2) } }),
  },
  {
    invariant: 'I4',
    name: 'a subscriber has caught up inside of an append',
    change: ({ connection }) => ({ connection: { ...connection, ends: [{ cursor: 2, atMs: 41 }] } }),
  },
  {
    invariant: 'I4',
    name: 'a conflict shows half of an append',
    change: ({ conflict }) => ({ conflict: { ...conflict, answer: { outcome: 'conflict', currentVersion: 2 } } }),
  },
  {
    invariant: 'I5',
    name: 'an unknown append is stored twice',
    change: (clean) =>
      storing(clean, [...stored, { streamId: 'a', version: 5, position: 6, type: 'y', content: 'five', time: '4' }]),
  },
  {
    invariant: 'I5',
    name: 'a name stands for two events',
    change: ({ first, unknown }) => ({ unknown: { ...unknown, ids: first.ids ?? [] } }),
  },
  {
    invariant: 'I6',
    name: 'a conflict is stored',
    change: ({ conflict, unknown }) => ({
      conflict: { ...conflict, contents: ['five'] },
      unknown: { ...unknown, contents: ['lost'] },
    }),
  },
  {
    invariant: 'I6',
    name: 'a rejected append is stored',
    change: ({ unknown }) => ({ unknown: { ...unknown, answer: { outcome: 'rejected', code: 'disk-full' } } }),
  },
  {
    invariant: 'I6',
    name: 'a retry is told a conflict with its own success',
    change: ({ unknown }) => ({
      unknown: { ...unknown, ids: ['five'], expectedVersion: 4 },
      repeat: {
        ...{ ...unknown, ids: ['five'], expectedVersion: 4, invokedMs: 80, returnedMs: 85 },
        answer: { outcome: 'conflict', currentVersion: 4 },
      },
    }),
  },
  {
    invariant: 'I7',
    name: 'an append got another version',
    change: ({ batch }) => ({ batch: { ...batch, expectedVersion: 3 } }),
  },
  {
    invariant: 'I8',
    name: 'a conflict names a version that was past',
    change: ({ conflict }) => ({ conflict: { ...conflict, answer: { outcome: 'conflict', currentVersion: 1 } } }),
  },
  {
    invariant: 'I8',
    name: 'a conflict names a version that was not yet',
    change: ({ conflict }) => ({ conflict: { ...conflict, answer: { outcome: 'conflict', currentVersion: 4 } } }),
  },
  {
    invariant: 'I8',
    name: 'a conflict with what was expected',
    change: ({ conflict }) => ({ conflict: { ...conflict, expectedVersion: 4 } }),
  },
  {
    invariant: 'I9',
    name: 'a read misses what was acknowledged',
    change: ({ read }) => ({ read: { ...read, head: 1, saw: stored.slice(0, 1) } }),
  },
  {
    invariant: 'I9',
    name: 'the feed misses what was acknowledged',
    change: ({ feedRead }) => ({ feedRead: { ...feedRead, through: 3, saw: stored.slice(1, 2) } }),
  },
  {
    invariant: 'I9',
    name: 'somebody saw an append that a later reader does not',
    change: ({ connection }) => ({ connection: { ...connection, saw: stored, through: 5, sawMs: [1, 2, 3, 4, 60.5] } }),
  },
  {
    invariant: 'I9',
    name: 'an append stands before one that had returned',
    change: ({ batch }) => ({ batch: { ...batch, invokedMs: 61, returnedMs: 63 } }),
  },
  {
    invariant: 'I10',
    name: 'what a reader saw is not stored',
    change: ({ read }) => ({
      read: { ...read, saw: [...stored.slice(0, 2), { ...(stored[2] as SeenEvent), content: 'gone' }] },
    }),
  },
  {
    invariant: 'I10',
    name: 'what a subscriber saw was lost',
    change: (clean) => ({ ...storing(clean, stored.slice(0, 4)) }),
  },
  {
    invariant: 'I11',
    name: 'a subscriber misses an event',
    change: ({ connection }) => ({
      connection: { ...connection, saw: without(connection.saw, 'two'), sawMs: [20, 41, 60] },
    }),
  },
  {
    invariant: 'I11',
    name: 'a subscriber gets an event twice after it reconnects',
    change: ({ connectedAgain }) => ({
      connectedAgain: { ...connectedAgain, saw: stored.slice(3), sawMs: [105, 105] },
    }),
  },
  {
    invariant: 'I11',
    name: 'a cursor is ahead of delivery',
    change: ({ connection, connectedAgain }) => ({
      connection: { ...connection, through: 5 },
      connectedAgain: { ...connectedAgain, after: 5, saw: [], sawMs: [] },
    }),
  },
  {
    invariant: 'I11',
    name: 'a filter eats an event',
    change: ({ feedRead }) => ({ feedRead: { ...feedRead, saw: [stored[1] as SeenEvent] } }),
  },
  {
    invariant: 'I11',
    name: 'a page has a gap',
    change: ({ read }) => ({ read: { ...read, saw: [stored[0], stored[2]] as SeenEvent[] } }),
  },
  {
    invariant: 'I11',
    name: 'a subscriber goes on from another cursor',
    change: ({ connectedAgain }) => ({ connectedAgain: { ...connectedAgain, after: 3 } }),
  },
  {
    invariant: 'I12',
    name: 'a subscriber never gets the last event',
    change: ({ connectedAgain }) => ({
      connectedAgain: { ...connectedAgain, saw: [], sawMs: [], through: 4, ends: [] },
    }),
  },
  {
    invariant: 'I12',
    name: 'a subscriber gets the last event late',
    change: ({ connectedAgain }) => ({ connectedAgain: { ...connectedAgain, sawMs: [5_101] } }),
  },
  { invariant: 'I13', name: 'time goes back', change: (clean) => storing(clean, replaced(3, { time: '1' })) },
  {
    invariant: 'I14',
    name: 'a restart loses the last event',
    change: ({ restarted }) => ({ restarted: { ...restarted, events: stored.slice(0, 4) } }),
  },
  {
    invariant: 'I15',
    name: 'a repeat is told another version',
    change: ({ repeat }) => ({
      repeat: { ...repeat, answer: { ...ok, firstVersion: 2, version: 2, position: 2, isReplay: true } },
    }),
  },
  {
    invariant: 'I15',
    name: 'a repeat is told that it is new',
    change: ({ repeat, first }) => ({ repeat: { ...repeat, answer: first.answer } }),
  },
];

test('the history that the others are made from is clean', () => {
  assert.deepEqual(
    findingsIn(() => ({})),
    [],
  );
});

for (const { invariant, name, change } of violations) {
  test(`${invariant}: ${name}`, () => {
    const findings = findingsIn(change);
    assert.ok(findings.includes(invariant), `found only ${findings}`);
  });
}

test('a finding is told with what it breaks', () => {
  const { restarted, ...others } = cleanHistory();
  const history = [...Object.values(others), { ...restarted, events: stored.slice(0, 4) }];
  assert.throws(() => expectNoFinding(history), /I14 \(a clean restart changes nothing\): the feed had 5 events/);
});

test('every invariant has a violation', () => {
  const tried = new Set(violations.map(({ invariant }) => invariant));
  assert.deepEqual([...tried].sort(), Object.keys(invariants).sort());
});
