/** The decision tables of appends and retries, one line a case. Shows P-12, P-13. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AppendResult,
  answerRetry,
  decideAppend,
  eventLine,
  parseStreamId,
  type StoredEvent,
  type StreamAppend,
} from '@event-store/core';

const streamId = parseStreamId('a');

/** A stream as its appends: each a list of ids, `-` for an event without one. */
type History = readonly (readonly string[])[];

const history: History = [['a'], ['b', 'c', 'd'], ['-'], ['-', '-'], ['e', 'f']];

const cases: readonly (readonly [string, number | undefined, readonly string[], string])[] = [
  ['new without ids', undefined, ['-'], 'append at 10'],
  ['new with ids', undefined, ['x', 'y'], 'append at 10'],
  ['a retry of one event', undefined, ['a'], 'replayed 1..1 @ 1'],
  ['a retry of several', undefined, ['b', 'c', 'd'], 'replayed 2..4 @ 4'],
  ['a retry of the last', undefined, ['e', 'f'], 'replayed 8..9 @ 9'],
  ['the first part', undefined, ['b', 'c'], 'reused b 0'],
  ['the last part', undefined, ['c', 'd'], 'reused c 0'],
  ['the middle', undefined, ['c'], 'reused c 0'],
  ['two appends as one', undefined, ['a', 'b', 'c', 'd'], 'reused a 0'],
  ['more than there was', undefined, ['e', 'f', 'x'], 'reused e 0'],
  ['another order', undefined, ['b', 'd', 'c'], 'reused b 0'],
  ['a known id behind new ones', undefined, ['x', 'y', 'b'], 'reused b 2'],
  ['other content', undefined, ['b', 'c!', 'd'], 'reused c 1'],
  ['next version', 10, ['-'], 'append at 10'],
  ['next version, new ids', 10, ['x'], 'append at 10'],
  ['next version, a known id', 10, ['e', 'f'], 'reused e 0'],
  ['next version, a known id behind a new one', 10, ['x', 'f'], 'reused f 1'],
  ['a gap', 11, ['x'], 'conflict 9'],
  ['a gap, a known id', 11, ['a'], 'conflict 9'],
  ['taken, without ids', 5, ['-'], 'conflict 9'],
  ['taken, new ids', 2, ['x', 'y', 'z'], 'conflict 9'],
  ['taken by events without ids', 5, ['x'], 'conflict 9'],
  ['a retry with version', 2, ['b', 'c', 'd'], 'replayed 2..4 @ 4'],
  ['a retry of the last with version', 8, ['e', 'f'], 'replayed 8..9 @ 9'],
  ['a retry at another version', 3, ['b', 'c', 'd'], 'conflict 9'],
  ['the first part with version', 2, ['b', 'c'], 'conflict 9'],
  ['the last part with version', 3, ['c', 'd'], 'conflict 9'],
  ['more with version', 2, ['b', 'c', 'd', '-'], 'conflict 9'],
  ['past the head with version', 8, ['e', 'f', 'g'], 'conflict 9'],
  ['other content with version', 2, ['b', 'c', 'd!'], 'conflict 9'],
];

describe('a stream of five appends', () => {
  for (const [name, expectedVersion, ids, expected] of cases) {
    it(`${name}: ${expected}`, () => assert.equal(decide(history, { expectedVersion, ids }), expected));
  }
});

describe('an empty stream', () => {
  it('takes version 1, or any, and nothing else', () => {
    assert.equal(decide([], { expectedVersion: undefined, ids: ['a'] }), 'append at 1');
    assert.equal(decide([], { expectedVersion: 1, ids: ['-'] }), 'append at 1');
    assert.equal(decide([], { expectedVersion: 2, ids: ['a'] }), 'conflict 0');
  });
});

describe('comparing', () => {
  it('asks for the events of the append and their neighbours only', () => {
    const stored = storedEvents(history);
    const state = { headVersion: 9, versionOfId: (id: string) => versionOfId(stored, id) };
    const asked = (ids: readonly string[]) => {
      const decision = decideAppend(append(undefined, ids), state);
      return decision.step === 'compare' ? [decision.from, decision.through] : decision.step;
    };
    assert.deepEqual(asked(['a']), [1, 2]);
    assert.deepEqual(asked(['b', 'c', 'd']), [1, 5]);
    assert.deepEqual(asked(['e', 'f']), [7, 9]);
    assert.deepEqual(asked(['e', 'f', 'x', 'y']), [7, 9]);
    assert.equal(asked(['x', 'e']), 'answer');
  });

  it('fails on a caller that does not bring the events', () => {
    const decision = { step: 'compare', firstVersion: 1, headVersion: 1, from: 1, through: 1 } as const;
    assert.throws(() => answerRetry(append(undefined, ['a']), decision, []), /Broken invariant/);
  });
});

function decide(
  appends: History,
  { expectedVersion, ids }: { expectedVersion: number | undefined; ids: readonly string[] },
): string {
  const stored = storedEvents(appends);
  const request = append(expectedVersion, ids);
  const state = { headVersion: stored.length, versionOfId: (id: string) => versionOfId(stored, id) };
  const decision = decideAppend(request, state);
  if (decision.step === 'append') return `append at ${decision.firstVersion}`;
  if (decision.step === 'answer') return described(decision.result);
  return described(answerRetry(request, decision, stored.slice(decision.from - 1, decision.through)));
}

function described(result: AppendResult): string {
  switch (result.outcome) {
    case 'appended':
    case 'replayed':
      return result.streams.map((at) => `${result.outcome} ${at.firstVersion}..${at.version} @ ${at.position}`).join();
    case 'version-conflict':
      return `conflict ${result.currentVersion}`;
    case 'event-id-reused':
      return `reused ${result.eventId} ${result.index}`;
  }
}

/** `!` behind an id stands for other content. */
function append(expectedVersion: number | undefined, ids: readonly string[]): StreamAppend {
  const events = ids.map((id) => ({
    type: id.endsWith('!') ? 'Other' : 'Happened',
    data: '',
    id: id === '-' ? undefined : id.replace('!', ''),
    metadata: undefined,
  }));
  return { streamId, expectedVersion, events };
}

function storedEvents(appends: History): readonly StoredEvent[] {
  const stored: StoredEvent[] = [];
  for (const ids of appends) {
    const commit = stored.length + ids.length;
    for (const event of append(undefined, ids).events) {
      const version = stored.length + 1;
      const line = eventLine({ streamId, version, event, time: '2026-11-23T11:40:00.123Z', position: version });
      stored.push({ event: JSON.parse(line), commit });
    }
  }
  return stored;
}

function versionOfId(stored: readonly StoredEvent[], id: string): number | undefined {
  return stored.find(({ event }) => event.id === id)?.event.version;
}
