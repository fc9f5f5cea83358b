/** Every limit at its edge: the largest that is allowed is stored, one more is refused. */
import assert from 'node:assert/strict';
import { limits, type RecordedEvent } from '@event-store/core';
import { expectProblem } from './expect-problem.ts';
import type { HttpSuite } from './http-suite.ts';
import { base64, numbersTo, sampleEvent, sampleEvents, versionsOf } from './sample-events.ts';
import { streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

export function testSizes(suite: HttpSuite): void {
  suite.describe('sizes', () => {
    testEventSizes(suite);
    testAppendSizes(suite);
    testPageSizes(suite);
  });
}

function testEventSizes({ it, client }: HttpSuite): void {
  for (const padding of [0, 1, 2]) {
    it(`an event may have ${limits.eventBytesMax - padding} bytes`, async () => {
      const streamId = uniqueName('size');
      const data = base64(limits.eventBytesMax - padding);
      await client.append(streamId, sampleEvent({ data }));
      assert.equal((await client.streamPage(streamId)).payload[0]?.data, data);
    });
  }

  for (const excess of [1, 2, 3]) {
    it(`an event of ${excess} bytes more is too large`, async () => {
      const streamId = uniqueName('size');
      const data = base64(limits.eventBytesMax + excess);
      const members = { index: 1, limit: limits.eventBytesMax };
      expectProblem(
        await client.post(streamPath(streamId), [sampleEvent(), { type: 'T', data }]),
        'event-too-large',
        members,
      );
      assert.equal(await client.streamVersion(streamId), 0);
    });
  }

  it('a type may have 256 bytes and no more', async () => {
    const path = streamPath(uniqueName('size'));
    for (const type of ['x'.repeat(256), 'é'.repeat(128), '😀'.repeat(64)]) {
      assert.equal((await client.post(path, sampleEvent({ type }))).status, 200);
      expectProblem(await client.post(path, sampleEvent({ type: `${type}x` })), 'invalid-event-type', { index: 0 });
    }
  });

  it('an id may have 128 characters', async () => {
    const id = '.'.repeat(limits.eventIdCharactersMax);
    assert.equal((await client.post(streamPath(uniqueName('size')), sampleEvent({ id }))).status, 200);
  });

  for (const character of ['x', 'é', '"']) {
    it(`metadata may have 16 KiB as printed and no more, filled with ${character}`, async () => {
      const path = streamPath(uniqueName('size'));
      const metadata = metadataOf(limits.metadataBytesMax, character);
      assert.equal((await client.post(path, sampleEvent({ metadata }))).status, 200);
      const larger = metadataOf(limits.metadataBytesMax + 1, character);
      const members = { index: 0, limit: limits.metadataBytesMax };
      expectProblem(await client.post(path, sampleEvent({ metadata: larger })), 'invalid-metadata', members);
    });
  }
}

/** Metadata that takes so many bytes of UTF-8 as JSON. */
function metadataOf(bytes: number, character: string): Record<string, string> {
  const bytesEach = Buffer.byteLength(JSON.stringify(character)) - 2;
  const room = bytes - '{"a":""}'.length;
  const text = character.repeat(Math.floor(room / bytesEach)) + 'x'.repeat(room % bytesEach);
  return { a: text };
}

function testAppendSizes({ it, client }: HttpSuite): void {
  it('an append may have as many events as the engine allows, and no more', async () => {
    const { appendEventsMax } = await client.limits();
    const streamId = uniqueName('size');
    const { version } = await client.append(streamId, sampleEvents(appendEventsMax));
    assert.equal(version, appendEventsMax);
    const answer = await client.post(streamPath(streamId), sampleEvents(appendEventsMax + 1));
    expectProblem(answer, 'too-many-events', { limit: appendEventsMax });
    assert.equal(await client.streamVersion(streamId), appendEventsMax);
  });

  it('an append may not pass its limit as stored', async () => {
    const { appendBytesMax, eventBytesMax } = await client.limits();
    const streamId = uniqueName('size');
    const data = base64(eventBytesMax);
    const count = Math.ceil(appendBytesMax / data.length);
    const answer = await client.post(streamPath(streamId), sampleEvents(count, { data }));
    expectProblem(answer, 'append-too-large', { limit: appendBytesMax });
    assert.equal((await client.append(streamId, sampleEvents(count - 2, { data }))).version, count - 2);
  });

  it('a body may have 6 MiB', async () => {
    const streamId = uniqueName('size');
    const body = JSON.stringify(sampleEvent()).padEnd(limits.bodyBytesMax);
    assert.equal((await client.append(streamId, body)).version, 1);
  });
}

function testPageSizes({ it, client, capabilities }: HttpSuite): void {
  it('a page of large events ends at 4 MiB, and a walk still meets every event once', async () => {
    const streamId = uniqueName('size');
    const data = base64(limits.eventBytesMax);
    for (const _ of numbersTo(4)) await client.append(streamId, sampleEvents(5, { data }));
    for (const direction of ['forward', 'backward']) {
      const events: RecordedEvent[] = [];
      let offset: number | undefined;
      while (events.length < 20) {
        const { text } = await client.get(streamPath(streamId), { direction, offset, limit: 1000 });
        assert.ok(Buffer.byteLength(text) <= limits.pageBytesMax, `${text.length} bytes`);
        const page = JSON.parse(text);
        assert.ok(page.payload.length > 0);
        events.push(...page.payload);
        offset = page.pagination.nextOffset;
      }
      const versions = versionsOf(direction === 'forward' ? events : events.reverse());
      assert.deepEqual(versions, numbersTo(20));
    }
    if (capabilities.feed) {
      const { text } = await client.get('/-/events', { limit: 1000, streamPrefix: streamId });
      assert.ok(Buffer.byteLength(text) <= limits.pageBytesMax, `${text.length} bytes`);
    }
  });

  it('a page holds no more events than the limit allows, and the largest limit is served', async () => {
    const streamId = uniqueName('size');
    for (const _ of numbersTo(12)) await client.append(streamId, sampleEvents(90));
    const { payload } = await client.streamPage(streamId, { limit: limits.pageEventsMax });
    assert.ok(payload.length <= limits.pageEventsMax);
    assert.deepEqual(versionsOf(payload), numbersTo(payload.length));
  });
}
