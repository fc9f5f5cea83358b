/** The engine suite itself: it accepts a right engine, and catches every planted bug. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { engineConformance, type OpenEngine } from '@event-store/conformance';
import { openMemoryEngine } from '@event-store/engine-memory';
import { delegatedEngine } from './delegated-engine.ts';
import { type Bug, plantedBugs } from './planted-bugs.ts';
import { openReopening } from './reopening-engine.ts';

describe('a right engine', () => {
  it('passes', async () => assert.equal(await firstFailure(openWith(() => ({}))), undefined));
  it('passes when it reopens', async () => assert.equal(await firstFailure(openReopening()), undefined));
});

describe('a planted bug is caught', () => {
  for (const [name, bug] of Object.entries(plantedBugs)) {
    it(name, async () => assert.notEqual(await firstFailure(openWith(bug)), undefined));
  }

  it('a reopened engine has lost the last append', async () => {
    const open = openReopening((journal) => journal.slice(0, -1));
    assert.notEqual(await firstFailure(open), undefined);
  });

  it('a reopened engine has forgotten where appends begin and end', async () => {
    const open = openReopening((journal) =>
      journal.flatMap(({ request, nowMs }) =>
        request.streams.flatMap(({ events, streamId }) =>
          events.map((event) => ({
            request: { streams: [{ streamId, expectedVersion: undefined, events: [event] }] },
            nowMs,
          })),
        ),
      ),
    );
    assert.notEqual(await firstFailure(open), undefined);
  });

  it('an engine claims to be durable, but does not reopen', async () => {
    const claimed = openWith(({ capabilities }) => ({ capabilities: { ...capabilities, durable: true } }));
    assert.notEqual(await firstFailure(claimed), undefined);
  });
});

function openWith(bug: Bug): OpenEngine {
  return async ({ clock }) => {
    const right = openMemoryEngine(clock === undefined ? {} : { clock });
    return { engine: delegatedEngine(right, bug(right)), dispose: () => right.close() };
  };
}

/** The first test of the suite that fails, with its error. */
async function firstFailure(openEngine: OpenEngine): Promise<string | undefined> {
  const tests: { readonly name: string; readonly body: () => Promise<void> | void }[] = [];
  const test = {
    describe: (_name: string, body: () => void) => body(),
    it: (name: string, body: () => Promise<void> | void) => void tests.push({ name, body }),
  };
  engineConformance({ test, openEngine, propertyRuns: 10 });
  assert.ok(tests.length > 50, 'the suite has its tests');
  for (const { name, body } of tests) {
    try {
      await body();
    } catch (error) {
      return `${name}: ${error}`;
    }
  }
  return undefined;
}
