/** Records of durable consumers: replaced only by who knows what is there, kept like events. */
import assert from 'node:assert/strict';
import { type ConsumerChange, type ConsumerRecord, parseConsumerName, type StorageEngine } from '@event-store/core';
import { proposedSeries, store } from './appending.ts';
import { atOnce } from './at-once.ts';
import type { EngineSuite } from './engine-suite.ts';

export function testConsumers(suite: EngineSuite): void {
  testRecords(suite);
  testRivals(suite);
  testLists(suite);
}

function testRecords({ itWithEngine }: EngineSuite): void {
  itWithEngine('there are none at first', async ({ engine: { consumers } }) => {
    assert.equal(await consumers.read(parseConsumerName('a')), undefined);
    assert.deepEqual(await consumers.list({ after: '', limit: 10 }), []);
    const change = { name: parseConsumerName('a'), expectedRevision: 1, state: '{}' };
    assert.deepEqual(await consumers.write(change), { outcome: 'conflict', current: undefined });
    assert.equal(await consumers.read(parseConsumerName('a')), undefined);
  });

  itWithEngine('a record is replaced by who knows its revision', async ({ engine }) => {
    const first = await write(engine, 'a', 0, '{"at":1}');
    assert.deepEqual(await conflict(engine, 'a', 0, '{"at":2}'), first);
    const second = await write(engine, 'a', first.revision, '{"at":3}');
    assert.ok(second.revision > first.revision);
    assert.deepEqual(await conflict(engine, 'a', first.revision, '{"at":4}'), second);
    assert.equal(second.state, '{"at":3}');
  });

  itWithEngine('a name that was removed begins anew, with a revision that it never had', async ({ engine }) => {
    const first = await write(engine, 'a', 0, '{"at":1}');
    const second = await write(engine, 'a', first.revision, '{"at":2}');
    await remove(engine, 'a', second.revision);
    assert.equal(await conflict(engine, 'a', second.revision, '{"at":3}'), undefined);
    const third = await write(engine, 'a', 0, '{"at":4}');
    assert.ok(![first.revision, second.revision].includes(third.revision));
    assert.deepEqual(await conflict(engine, 'a', second.revision, '{"at":5}'), third);
  });

  itWithEngine('any state comes back as it was', async ({ engine }) => {
    const states = [
      '{}',
      JSON.stringify({ text: 'é 😀 \u2028\u2029\u0085 \\ " \n', 'a b': [1, -0.5, null, true], nested: { name: 'x' } }),
      JSON.stringify({ long: 'x'.repeat(100_000) }),
    ];
    let revision = 0;
    for (const state of states) {
      const record = await write(engine, 'a', revision, state);
      assert.deepEqual(JSON.parse(record.state), JSON.parse(state));
      revision = record.revision;
    }
  });
}

function testRivals({ itWithEngine }: EngineSuite): void {
  itWithEngine('of many who change one at once, each is told the truth', async ({ engine }) => {
    const counts = await Promise.all(
      Array.from({ length: 5 }, async () => {
        let written = 0;
        while (written < 4) written += (await increment(engine)) ? 1 : 0;
        return written;
      }),
    );
    const sum = counts.reduce((total, count) => total + count, 0);
    assert.equal(JSON.parse((await engine.consumers.read(parseConsumerName('count')))?.state ?? '{}').count, sum);
  });

  itWithEngine('one of many makes a record', async ({ engine }) => {
    const results = await atOnce((index) =>
      engine.consumers.write({ name: parseConsumerName('a'), expectedRevision: 0, state: `{"by":${index}}` }),
    );
    const winners = results.flatMap(({ outcome }, index) => (outcome === 'written' ? [index] : []));
    assert.equal(winners.length, 1);
    const state = `{"by":${winners[0]}}`;
    for (const result of results) if (result.outcome === 'conflict') assert.equal(result.current?.state, state);
  });
}

function testLists({ itWithEngine }: EngineSuite): void {
  itWithEngine('they are listed in the order of their names', async ({ engine }) => {
    for (const name of ['b', 'a.b', 'B', 'a', 'a:c', '0', 'gone']) await write(engine, name, 0, `{"of":"${name}"}`);
    await remove(engine, 'gone', (await engine.consumers.read(parseConsumerName('gone')))?.revision ?? 0);
    assert.deepEqual(await names(engine, '', 10), ['0', 'B', 'a', 'a.b', 'a:c', 'b']);
    assert.deepEqual(await names(engine, 'B', 2), ['a', 'a.b']);
    assert.deepEqual(await names(engine, 'a.a', 10), ['a.b', 'a:c', 'b']);
    assert.deepEqual(await names(engine, 'b', 10), []);
  });

  itWithEngine('the end of the feed is that of what was answered', async ({ engine }) => {
    assert.equal(await engine.feedEnd(), 0);
    for (let end = 3; end <= 12; end += 3) {
      await store(engine, { streamId: `stream-${end}`, events: proposedSeries(3) });
      assert.equal(await engine.feedEnd(), end);
    }
  });

  itWithEngine('they outlive the engine', async ({ engine, reopen }) => {
    if (reopen === undefined) return;
    const kept = await write(engine, 'kept', 0, '{"at":1}');
    const changed = await write(engine, 'changed', 0, '{"at":1}');
    const gone = await write(engine, 'gone', 0, '{"at":1}');
    const last = await write(engine, 'changed', changed.revision, '{"at":2}');
    await remove(engine, 'gone', gone.revision);
    assert.deepEqual(await (await reopen({})).consumers.list({ after: '', limit: 10 }), [last, kept]);
    const reopened = await reopen({});
    const anew = await write(reopened, 'gone', 0, '{"at":3}');
    assert.notEqual(anew.revision, gone.revision);
    const next = await write(reopened, 'kept', kept.revision, '{"at":4}');
    assert.deepEqual(await (await reopen({})).consumers.list({ after: '', limit: 10 }), [last, anew, next]);
  });
}

function changeOf(name: string, expectedRevision: number, state: string | undefined): ConsumerChange {
  return { name: parseConsumerName(name), expectedRevision, state };
}

/** Writes, insists that it was written, and gives what can be read then. */
async function write(
  { consumers }: StorageEngine,
  name: string,
  expectedRevision: number,
  state: string,
): Promise<ConsumerRecord> {
  assert.deepEqual(await consumers.write(changeOf(name, expectedRevision, state)), { outcome: 'written' });
  const record = await consumers.read(parseConsumerName(name));
  assert.ok(record !== undefined, 'what was written can be read');
  assert.equal(record.name, name);
  assert.ok(Number.isSafeInteger(record.revision) && record.revision >= 1);
  assert.deepEqual(JSON.parse(record.state), JSON.parse(state));
  return record;
}

async function remove({ consumers }: StorageEngine, name: string, expectedRevision: number): Promise<void> {
  assert.deepEqual(await consumers.write(changeOf(name, expectedRevision, undefined)), { outcome: 'written' });
  assert.equal(await consumers.read(parseConsumerName(name)), undefined);
}

/** Insists on a conflict; gives what was there. */
async function conflict(
  { consumers }: StorageEngine,
  name: string,
  expectedRevision: number,
  state: string,
): Promise<ConsumerRecord | undefined> {
  const result = await consumers.write(changeOf(name, expectedRevision, state));
  assert.ok(result.outcome === 'conflict', 'a stale writer is refused');
  return result.current;
}

async function names({ consumers }: StorageEngine, after: string, limit: number): Promise<readonly string[]> {
  return (await consumers.list({ after, limit })).map(({ name }) => name);
}

async function increment({ consumers }: StorageEngine): Promise<boolean> {
  const name = parseConsumerName('count');
  const record = await consumers.read(name);
  const { count } = JSON.parse(record?.state ?? '{"count":0}') as { count: number };
  const state = JSON.stringify({ count: count + 1 });
  return (await consumers.write({ name, expectedRevision: record?.revision ?? 0, state })).outcome === 'written';
}
