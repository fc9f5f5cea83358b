/** Retries: the same request again is answered as it was the first time, and stored once. */
import assert from 'node:assert/strict';
import type { AppendAnswer } from '@event-store/core';
import { expectProblem } from './expect-problem.ts';
import type { HttpSuite } from './http-suite.ts';
import { numbersTo, sampleEvent, sampleEvents, sampleEventsWithIds, sentPart } from './sample-events.ts';
import { expectJson, type HttpAnswer, streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

export function testRetries(suite: HttpSuite): void {
  suite.describe('retry', () => {
    testReplays(suite);
    testReuse(suite);
    testConcurrentRetries(suite);
  });
}

function testReplays({ it, client }: HttpSuite): void {
  for (const [name, version] of [
    ['without a version', undefined],
    ['with a version', 2],
  ] as const) {
    it(`${name} is answered with the first result, for ever`, async () => {
      const streamId = uniqueName('retry');
      await client.append(streamId, sampleEvent());
      const events = sampleEventsWithIds(3, 'batch');
      const first = await client.post(streamPath(streamId, version), events);
      expectFirst(first);
      for (const laterEvents of [0, 1, 5]) {
        if (laterEvents > 0) await client.append(streamId, sampleEvents(laterEvents));
        const again = await client.post(streamPath(streamId, version), events);
        expectReplay(again, first);
      }
      assert.equal(await client.streamVersion(streamId), 4 + 1 + 5);
    });
  }

  it('of a single event, as an object or in an array, is a replay', async () => {
    const streamId = uniqueName('retry');
    const event = sampleEvent({ id: 'only' });
    const first = await client.post(streamPath(streamId), event);
    expectReplay(await client.post(streamPath(streamId), event), first);
    expectReplay(await client.post(streamPath(streamId), [event]), first);
  });

  it('is recognised by content, not by spelling', async () => {
    const streamId = uniqueName('retry');
    const first = await client.post(streamPath(streamId), '{"type":"T","data":"","id":"a","metadata":{"n":1.0}}');
    const again = await client.post(
      streamPath(streamId),
      ' { "metadata" : {"n":1},"id":"\\u0061",\n"data":"","type":"T"}',
    );
    expectReplay(again, first);
  });

  it('without ids is a new append', async () => {
    const streamId = uniqueName('retry');
    expectFirst(await client.post(streamPath(streamId), sampleEvent()));
    expectFirst(await client.post(streamPath(streamId), sampleEvent()));
    assert.equal(await client.streamVersion(streamId), 2);
  });

  it('is a matter of one stream: another may use the same ids', async () => {
    const events = sampleEventsWithIds(2, 'shared');
    expectFirst(await client.post(streamPath(uniqueName('retry')), events));
    expectFirst(await client.post(streamPath(uniqueName('retry')), events));
  });
}

function testReuse({ it, client, capabilities }: HttpSuite): void {
  const [a, b, c] = sampleEventsWithIds(3, 'id') as [object, object, object];
  const reuses: Readonly<Record<string, readonly object[]>> = {
    'other data': [a, { ...b, data: '' }, c],
    'another type': [{ ...a, type: 'Other' }, b, c],
    'metadata added': [a, b, { ...c, metadata: {} }],
    'only the beginning': [a, b],
    'only the end': [b, c],
    'one event of it': [b],
    'another order': [b, a, c],
    'one more event behind': [a, b, c, sampleEvent({ id: 'new' })],
    'one more event in front': [sampleEvent({ id: 'new' }), a, b, c],
    'a known id among new ones': [sampleEvent({ id: 'new' }), { ...b }],
  };
  const idOf = (event: object | undefined) => (event as { readonly id?: string } | undefined)?.id;
  const noticed = ([, events]: readonly [string, readonly object[]]) =>
    capabilities.noticesReusedIds || idOf(events[0]) === idOf(a);
  for (const [name, events] of Object.entries(reuses).filter(noticed)) {
    it(`without a version and with ${name} is event-id-reused, and stores nothing`, async () => {
      const streamId = uniqueName('retry');
      await client.append(streamId, [a, b, c]);
      expectProblem(await client.post(streamPath(streamId), events), 'event-id-reused');
      assert.equal(await client.streamVersion(streamId), 3);
    });
  }

  for (const [name, events] of Object.entries(reuses).slice(0, 8)) {
    it(`at the same version and with ${name} is version-conflict, and stores nothing`, async () => {
      const streamId = uniqueName('retry');
      await client.append(streamId, [a, b, c], 1);
      expectProblem(await client.post(streamPath(streamId, 1), events), 'version-conflict', { currentVersion: 3 });
      assert.equal(await client.streamVersion(streamId), 3);
    });
  }

  it('at another version is version-conflict, and stores nothing', async () => {
    const streamId = uniqueName('retry');
    await client.append(streamId, [a, b, c], 1);
    for (const version of [2, 3, 5]) {
      const answer = await client.post(streamPath(streamId, version), [a, b, c]);
      expectProblem(answer, 'version-conflict', { currentVersion: 3 });
    }
  });
}

function testConcurrentRetries({ it, client }: HttpSuite): void {
  for (const [name, version] of [
    ['without a version', undefined],
    ['with a version', 1],
  ] as const) {
    it(`${name} while the first is under way is stored once`, async () => {
      const streamId = uniqueName('retry');
      const events = sampleEventsWithIds(3, 'batch');
      const answers = await Promise.all(numbersTo(30).map(() => client.post(streamPath(streamId, version), events)));
      const first = answers.find((answer) => answer.headers['idempotent-replayed'] === undefined);
      assert.ok(first !== undefined, 'one of them stored it');
      expectFirst(first);
      for (const answer of answers) if (answer !== first) expectReplay(answer, first);
      assert.deepEqual((await client.streamPage(streamId)).payload.map(sentPart), events);
    });
  }

  it('while other appends to the stream are under way is stored once', async () => {
    const streamId = uniqueName('retry');
    const events = sampleEventsWithIds(2, 'batch');
    const answers = await Promise.all(
      numbersTo(40).map((number) => client.append(streamId, number % 2 === 0 ? events : sampleEvent())),
    );
    const versions = new Set(answers.filter((_, index) => index % 2 === 1).map(({ version }) => version));
    assert.equal(versions.size, 1);
    assert.equal(await client.streamVersion(streamId), 20 + 2);
  });
}

function expectFirst(answer: HttpAnswer): void {
  expectJson<AppendAnswer>(answer);
  assert.equal(answer.headers['idempotent-replayed'], undefined);
}

function expectReplay(answer: HttpAnswer, first: HttpAnswer): void {
  assert.equal(answer.headers['idempotent-replayed'], 'true', answer.text);
  assert.deepEqual(expectJson<AppendAnswer>(answer), expectJson<AppendAnswer>(first));
  assert.equal(answer.headers.location, first.headers.location);
}
