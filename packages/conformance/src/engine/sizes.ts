/** Everything at its limit is stored and comes back as it was; so does text of every kind. */
import assert from 'node:assert/strict';
import { type ProposedEvent, parseAppend, parseStreamId, type StorageEngine, storedBytes } from '@event-store/core';
import { append, base64Number, placeOf, proposed, proposedSeries, store } from './appending.ts';
import type { EngineSuite } from './engine-suite.ts';
import { readFeed, readStream } from './reading.ts';

const texts = ['"', '\\', '</script>', '\u2028', '\u2029', 'é', 'e\u0301', '𐀀', '\ue000', '\uffff', '{"a":1}', "'"];

const streamIds = [
  '__proto__',
  'constructor',
  'CON',
  '...',
  '../../etc/passwd',
  'a/b',
  'a//b/',
  ' ',
  '%2F',
  '-a',
  'a/-/b',
];

export function testSizes({ itWithEngine }: EngineSuite): void {
  itWithEngine('the largest event, with all its fields at their limits', async ({ engine }) => {
    const { limits } = engine.capabilities;
    const streamId = 's'.repeat(limits.streamIdBytesMax);
    const event = proposed({
      type: 'é'.repeat(limits.eventTypeBytesMax / 2),
      data: btoa('\u00ff'.repeat(limits.eventBytesMax)),
      id: 'i'.repeat(limits.eventIdCharactersMax),
      metadata: `{"m":"${'x'.repeat(limits.metadataBytesMax - '{"m":""}'.length)}"}`,
    });
    await comesBack(engine, { streamId, events: [event] });
  });

  itWithEngine('the most events in one append', async ({ engine }) => {
    const count = engine.capabilities.limits.appendEventsMax;
    const events = proposedSeries(count).map((event, index) => ({ ...event, id: `id-${index}` }));
    await comesBack(engine, { streamId: 'a', events });
    assert.equal(
      placeOf(await append(engine, { streamId: 'a', expectedVersion: 1, events }), 'replayed').version,
      count,
    );
  });

  itWithEngine('the largest append', async ({ engine }) => {
    const { limits } = engine.capabilities;
    const streamId = parseStreamId('a');
    const event = proposed({ data: btoa('x'.repeat(limits.eventBytesMax)) });
    const count = Math.min(limits.appendEventsMax, Math.floor(limits.appendBytesMax / storedBytes(streamId, event)));
    const events = Array.from({ length: count }, (_, index) => ({ ...event, type: `Type-${index}` }));
    await comesBack(engine, { streamId, events });
  });

  itWithEngine('more than fits one batch, each event of another size', async ({ engine }) => {
    const sizes = [0, 1, 2, 3, 150_000, 4, 262_144, 262_143, 5, 262_142, 100_000, 6, 262_144, 262_144, 7];
    const events = sizes.map((size) => proposed({ data: btoa('x'.repeat(size)) }));
    for (const event of events) await store(engine, { streamId: 'a', events: [event] });
    const read = await readStream(engine, { streamId: 'a' });
    assert.deepEqual(
      read.map(({ data }) => data),
      events.map(({ data }) => data),
    );
  });

  itWithEngine('text of every kind in stream id, type and metadata', async ({ engine }) => {
    for (const [index, text] of texts.entries()) {
      const metadata = { [text]: `${text}\u0000\u0085\n\ud800` };
      const { events } = parseAppend(JSON.stringify({ type: text, data: base64Number(index), metadata }), {
        streamId: parseStreamId(text),
        expectedVersion: undefined,
        limits: engine.capabilities.limits,
      });
      await comesBack(engine, { streamId: text, events });
    }
    assert.equal((await readFeed(engine)).length, texts.length);
  });

  itWithEngine('stream ids that would be odd names of files or objects', async ({ engine }) => {
    for (const streamId of streamIds) await comesBack(engine, { streamId, events: [proposed({ type: streamId })] });
  });
}

/** Stores the events and asserts that the stream, and the end of the feed, are just them. */
async function comesBack(
  engine: StorageEngine,
  { streamId, events }: { streamId: string; events: readonly ProposedEvent[] },
): Promise<void> {
  await store(engine, { streamId, expectedVersion: 1, events });
  const proposals = (await readStream(engine, { streamId })).map(({ type, data, id, metadata }) => ({
    type,
    data,
    id,
    metadata,
  }));
  const expected = events.map(({ type, data, id, metadata }) => ({
    type,
    data,
    id,
    metadata: metadata === undefined ? undefined : JSON.parse(metadata),
  }));
  assert.deepEqual(proposals, expected);
  const feed = await readFeed(engine);
  assert.deepEqual(
    feed.slice(-events.length).map((event) => [event.streamId, event.data]),
    events.map(({ data }) => [streamId, data]),
  );
}
