/** An append: what it answers, and that what it stored is read back as it was sent. */
import assert from 'node:assert/strict';
import type { AppendAnswer, RecordedEvent } from '@event-store/core';
import type { HttpSuite } from './http-suite.ts';
import { base64, numbersTo, sampleEvent, sampleEvents, sentPart, versionsOf } from './sample-events.ts';
import { expectJson, streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

export function testAppend(suite: HttpSuite): void {
  suite.describe('append', () => {
    testAnswers(suite);
    testWhatIsStored(suite);
  });
}

function testAnswers({ it, client, capabilities }: HttpSuite): void {
  it('answers where a single event went', async () => {
    const streamId = uniqueName('append');
    const first = await client.append(streamId, sampleEvent());
    assert.deepEqual(withoutPosition(first), { streamId, firstVersion: 1, version: 1 });
    const second = await client.append(streamId, sampleEvent());
    assert.deepEqual(withoutPosition(second), { streamId, firstVersion: 2, version: 2 });
  });

  it('answers the first and the last version of a batch', async () => {
    const streamId = uniqueName('append');
    await client.append(streamId, sampleEvent());
    const answer = await client.append(streamId, sampleEvents(3));
    assert.deepEqual(withoutPosition(answer), { streamId, firstVersion: 2, version: 4 });
    assert.deepEqual(versionsOf((await client.streamPage(streamId)).payload), numbersTo(4));
  });

  it('takes an array of one event', async () => {
    const answer = await client.append(uniqueName('append'), [sampleEvent()]);
    assert.equal(answer.version, 1);
  });

  it('answers the position of the last event exactly where the engine knows it', async () => {
    const { position, streamId } = await client.append(uniqueName('append'), sampleEvents(3));
    if (!capabilities.positionOnAppend) return assert.equal(position, undefined);
    assert.deepEqual((await client.streamPage(streamId)).payload.at(-1)?.position, position);
  });

  it('names the stored event in Location and the version in ETag', async () => {
    const streamId = uniqueName('append/ü');
    const answer = await client.post(streamPath(streamId), sampleEvents(2));
    assert.equal(answer.headers.etag, 'W/"2"');
    const location = answer.headers.location ?? '';
    assert.ok(location.startsWith(streamPath(streamId)), location);
    const read = await client.get(location);
    assert.equal(read.status, 200, read.text);
  });

  it('forbids caches to keep its answer', async () => {
    const answer = await client.post(streamPath(uniqueName('append')), sampleEvent());
    assert.equal(answer.headers['cache-control'], 'no-store');
  });
}

function testWhatIsStored({ it, client }: HttpSuite): void {
  it('gives every field back as it was sent', async () => {
    const streamId = uniqueName('append');
    const sent = [
      sampleEvent({ id: 'A-z_0.9:1', metadata: { correlationId: 'c', nested: { list: [1, 'two', null, true] } } }),
      sampleEvent({ id: 'second', type: 'Überweisung ausgeführt 🏦', metadata: {} }),
    ];
    await client.append(streamId, sent);
    const { payload } = await client.streamPage(streamId);
    assert.deepEqual(payload.map(sentPart), sent);
    for (const event of payload) {
      assert.equal(event.streamId, streamId);
      assert.match(event.time ?? '', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
    }
  });

  it('invents neither an id nor metadata', async () => {
    const streamId = uniqueName('append');
    await client.append(streamId, sampleEvent());
    const event = expectJson<RecordedEvent>(await client.get(streamPath(streamId, 1)));
    assert.ok(!('id' in event) && !('metadata' in event));
  });

  for (const [name, data] of Object.entries(dataKeptAsItIs)) {
    it(`gives data back character for character: ${name}`, async () => {
      const streamId = uniqueName('append');
      await client.append(streamId, sampleEvent({ data }));
      assert.equal((await client.streamPage(streamId)).payload[0]?.data, data);
    });
  }

  for (const [name, headers] of Object.entries(contentTypes)) {
    it(`takes JSON whatever Content-Type it has: ${name}`, async () => {
      const answer = await client.post(streamPath(uniqueName('append')), sampleEvent(), headers);
      assert.equal(expectJson<AppendAnswer>(answer).version, 1);
    });
  }

  it('keeps metadata as JavaScript prints it', async () => {
    const streamId = uniqueName('append');
    await client.append(
      streamId,
      `{"type":"T","data":"","metadata":{"b" : 1.50,"a":[ 1e2, 0.0, 0.1 ],"__proto__":{"x":1}}}`,
    );
    const { text } = await client.get(streamPath(streamId, 1));
    assert.ok(text.includes('"metadata":{"b":1.5,"a":[100,0,0.1],"__proto__":{"x":1}}'), text);
  });
}

const dataKeptAsItIs = {
  'the empty string': '',
  'one byte': 'AA==',
  'two bytes': 'AAA=',
  'every character of the alphabet': 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  'stray bits before the padding': 'QR==',
  'bytes that are no text': base64('\u0000\u0001\r\n\u2028data: x\n\n'),
};

const contentTypes = {
  none: {},
  'application/json': { 'content-type': 'application/json' },
  'with a charset': { 'content-type': 'application/json; charset=utf-8' },
  'what curl -d sends': { 'content-type': 'application/x-www-form-urlencoded' },
  'text/plain': { 'content-type': 'text/plain' },
  'multipart/form-data': { 'content-type': 'multipart/form-data; boundary=x' },
  'application/octet-stream': { 'content-type': 'application/octet-stream' },
  'not a media type': { 'content-type': ';;;' },
};

function withoutPosition({ position: _, ...rest }: AppendAnswer): Omit<AppendAnswer, 'position'> {
  return rest;
}
