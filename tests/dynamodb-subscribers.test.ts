/** Subscribers and consumers on one instance, appends and checkpoints on another, over one table. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RecordedEvent } from '@event-store/core';
import { openDynamodbEngine } from '@event-store/engine-dynamodb';
import { type RunningServer, startServer } from '@event-store/server';
import { createTable, type Emulator, startDynoxide } from '../packages/engine-dynamodb/test/emulator.ts';

const options = { host: '127.0.0.1', port: 0, productVersion: 'test', logLevel: 'silent' } as const;
const event = JSON.stringify({ type: 'Noted', data: '' });

describe('two instances over one table', () => {
  let emulator: Emulator;
  let here: RunningServer;
  let there: RunningServer;

  before(async () => {
    emulator = await startDynoxide();
    const table = await createTable(emulator);
    const start = () => startServer(options, async (observer) => openDynamodbEngine({ ...table, observer }));
    [here, there] = await Promise.all([start(), start()]);
  });
  after(async () => {
    await Promise.all([here.stop(), there.stop()]);
    await emulator.stop();
  });

  it('subscribers to the feed and to a stream get everything that the other appends, in order', async () => {
    const count = 60;
    const ofFeed = take(`${here.url}/-/events`, count);
    const ofStream = take(`${here.url}/stream-1`, count / 3);
    for (let number = 0; number < count; number++) await post(`${there.url}/stream-${number % 3}`, event);
    const feed = await ofFeed;
    assert.deepEqual(
      feed.map(({ position }) => position),
      numbersTo(count),
    );
    for (const [, events] of Map.groupBy(feed, ({ streamId }) => streamId)) {
      assert.deepEqual(
        events.map(({ version }) => version),
        numbersTo(count / 3),
      );
    }
    assert.deepEqual(
      (await ofStream).map(({ version }) => version),
      numbersTo(count / 3),
    );
  });

  it('consumers are the same on both, and a reset on one fences a reader of the other', async () => {
    const path = '/-/consumers/shared';
    const made = await fetch(here.url + path, { method: 'PUT', body: '{}' });
    assert.equal(made.status, 201);
    assert.equal((await fetch(there.url + path, { method: 'PUT', body: '{}' })).status, 200);
    const { epoch } = (await made.json()) as { epoch: string };
    for (let position = 1; position <= 20; position++) {
      const server = position % 2 === 0 ? here : there;
      await post(`${server.url}${path}/checkpoint`, JSON.stringify({ position, epoch }));
      const other = position % 2 === 0 ? there : here;
      const shown = (await (await fetch(other.url + path)).json()) as { position: number };
      assert.equal(shown.position, position);
    }
    await post(`${here.url}${path}/checkpoint`, '{"position":0,"reset":true}');
    const late = await fetch(`${there.url}${path}/checkpoint`, {
      method: 'POST',
      body: JSON.stringify({ position: 21, epoch }),
    });
    assert.equal(late.status, 409);
    await Promise.all(
      numbersTo(16).map((number) =>
        post(`${(number % 2 === 0 ? here : there).url}${path}/checkpoint?partition=${number}/16`, '{"position":30}'),
      ),
    );
    for (const { url } of [here, there]) {
      const shown = (await (await fetch(url + path)).json()) as { position: number };
      assert.equal(shown.position, 30, 'no move of a partition was lost between the instances');
    }
  });
});

/** The first events of a subscription. */
async function take(url: string, count: number): Promise<readonly RecordedEvent[]> {
  const { body } = await fetch(url, { headers: { Accept: 'text/event-stream' } });
  const events: RecordedEvent[] = [];
  let rest = '';
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const messages = (rest + chunk).split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      if (message.startsWith('id: ')) events.push(JSON.parse(message.slice(message.indexOf('data: ') + 6)));
    }
    if (events.length >= count) break;
  }
  return events;
}

async function post(url: string, body: string): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body });
  assert.equal(answer.status, 200, await answer.text());
}

function numbersTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
