/** Appends at once: one order for all, no version or position given twice, no half append seen. */
import assert from 'node:assert/strict';
import { type AppendResult, type StorageEngine, systemClock } from '@event-store/core';
import { append, placeOf, proposed, proposedSeries, versionOf } from './appending.ts';
import { atOnce, clients } from './at-once.ts';
import type { EngineSuite } from './engine-suite.ts';
import { feedPositions, readFeed, readStream, streamVersions } from './reading.ts';

export function testConcurrency({ itWithEngine }: EngineSuite): void {
  itWithEngine('one stream without version: all are stored, each where it was told', async ({ engine }) => {
    const results = await atOnce((client) =>
      append(engine, {
        streamId: 'a',
        events: proposedSeries(1 + (client % 3)).map((event) => ({ ...event, type: `Client-${client}` })),
      }),
    );
    await eachIsWhereItWasTold(engine, results);
    assert.deepEqual(await streamVersions(engine, { streamId: 'a' }), upTo(199));
    assert.deepEqual(await feedPositions(engine), upTo(199));
  });

  itWithEngine('many streams: positions without gap, and the feed agrees with the streams', async ({ engine }) => {
    const results = await atOnce((client) =>
      append(engine, { streamId: `s-${client % 10}`, events: [proposed({ type: `Client-${client}` })] }),
    );
    await eachIsWhereItWasTold(engine, results);
    assert.deepEqual(await feedPositions(engine), upTo(clients));
    const feed = await readFeed(engine);
    for (let stream = 0; stream < 10; stream++) {
      const streamId = `s-${stream}`;
      const inFeed = feed.filter((event) => event.streamId === streamId);
      assert.deepEqual(
        inFeed.map(({ version, type }) => [version, type]),
        (await readStream(engine, { streamId })).map(({ version, type }) => [version, type]),
      );
    }
  });

  itWithEngine('a chain: each append expects the one before, all sent at once', async ({ engine }) => {
    const results = await atOnce((client) => append(engine, { streamId: 'a', expectedVersion: client + 1 }));
    const version = await versionOf(engine, 'a');
    assert.ok(version >= 1);
    for (const [client, result] of results.entries()) {
      if (result.outcome === 'appended') assert.equal(placeOf(result, 'appended').version, client + 1);
      else assert.ok(result.outcome === 'version-conflict' && result.currentVersion <= version);
    }
    assert.equal(results.filter(({ outcome }) => outcome === 'appended').length, version);
  });

  itWithEngine('no read shows a part of an append', async ({ engine }) => {
    const call = (client: number) => ({ streamId: `s-${client % 2}`, events: proposedSeries(10) });
    let isWriting = true;
    const writing = atOnce(async (client) => {
      await append(engine, call(client));
      return append(engine, call(client));
    }).finally(() => {
      isWriting = false;
    });
    while (isWriting) {
      const versions = await Promise.all([versionOf(engine, 's-0'), versionOf(engine, 's-1')]);
      const streams = await Promise.all(['s-0', 's-1'].map((streamId) => readStream(engine, { streamId })));
      const lengths = [...versions, ...streams.map(({ length }) => length), (await readFeed(engine)).length];
      for (const length of lengths) assert.equal(length % 10, 0, `a part was seen: ${lengths}`);
      for (const [index, { length }] of streams.entries()) assert.ok(length >= (versions[index] ?? 0));
      await nextTurn();
      await new Promise(setImmediate);
    }
    await writing;
    assert.equal((await readFeed(engine)).length, 20 * clients);
  });
}

/** Reads from memory end within a turn of the event loop; the disk needs turns to come forward. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    systemClock.after(0, resolve);
  });
}

function upTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

/** Client n's events have the type `Client-n`, so each is found again at the version it was told. */
async function eachIsWhereItWasTold(engine: StorageEngine, results: readonly AppendResult[]): Promise<void> {
  for (const [client, result] of results.entries()) {
    const { streamId, firstVersion, version, position } = placeOf(result, 'appended');
    const events = await readStream(engine, { streamId, from: firstVersion, limit: version - firstVersion + 1 });
    assert.deepEqual(
      events.map(({ type }) => type),
      Array.from({ length: version - firstVersion + 1 }, () => `Client-${client}`),
    );
    if (engine.capabilities.positionOnAppend) assert.equal(events.at(-1)?.position, position);
  }
}
