/** Figures, readiness and limits as operators see them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConsumerStore, type EngineHealth, EventStoreError } from '@event-store/core';
import { append, ask, engineWith, testServer } from './running-server.ts';

/** The value of a series, such as `event_store_appends_total{outcome="appended"}`. */
function figure(metrics: string, series: string): number {
  const line = metrics.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1));
}

test('metrics count appends by outcome, events, bytes, syncs and answers', async () => {
  await using server = await testServer();
  const two = '[{"type":"T","data":"","id":"a"},{"type":"T","data":"","id":"b"}]';
  await ask(`${server.url}/a`, { method: 'POST', body: two });
  await ask(`${server.url}/a`, { method: 'POST', body: two });
  await ask(`${server.url}/a/1`, append);
  await ask(`${server.url}/-/nothing`);
  const { text } = await ask(`${server.url}/-/metrics`);
  const expected = {
    'event_store_appends_total{outcome="appended"}': 1,
    'event_store_appends_total{outcome="replayed"}': 1,
    'event_store_appends_total{outcome="version-conflict"}': 1,
    event_store_append_seconds_count: 3,
    event_store_events_total: 2,
    event_store_sync_seconds_count: 1,
    'event_store_http_answers_total{status="200"}': 2,
    'event_store_http_answers_total{status="404"}': 1,
    event_store_ready: 1,
    event_store_engine_events: 2,
    event_store_engine_streams: 1,
  };
  for (const [series, value] of Object.entries(expected)) assert.equal(figure(text, series), value, series);
  assert.ok(figure(text, 'event_store_stored_bytes_total') > 0);
  assert.ok(figure(text, 'process_cpu_seconds_total') > 0);
});

test('metrics tell where consumers are, and that they cannot be read', async () => {
  {
    await using server = await testServer();
    const twice = '[{"type":"T","data":""},{"type":"T","data":""}]';
    await ask(`${server.url}/a`, { method: 'POST', body: twice });
    await ask(`${server.url}/-/consumers/one`, { method: 'PUT', body: '{}' });
    await ask(`${server.url}/-/consumers/two`, { method: 'PUT', body: '{"start":"end"}' });
    await ask(`${server.url}/-/consumers/one/checkpoint?partition=1/2`, { method: 'POST', body: '{"position":1}' });
    const { text } = await ask(`${server.url}/-/metrics`);
    assert.equal(figure(text, 'event_store_consumers'), 2);
    assert.equal(figure(text, 'event_store_consumer_lag_events{consumer="one"}'), 2);
    assert.equal(figure(text, 'event_store_consumer_lag_events{consumer="two"}'), 0);
    assert.ok(figure(text, 'event_store_consumer_moved_timestamp_seconds{consumer="one"}') > 1_700_000_000);
    assert.equal(figure(text, 'event_store_checkpoint_moves_total'), 1);
    await ask(`${server.url}/-/consumers/two`, { method: 'DELETE' });
    assert.ok(!(await ask(`${server.url}/-/metrics`)).text.includes('consumer="two"'));
  }
  const damaged = async () => {
    throw new EventStoreError('engine-unavailable', 'Damaged.');
  };
  const consumers: ConsumerStore = { read: damaged, write: damaged, list: damaged };
  await using server = await testServer({}, engineWith({ consumers }));
  const { status, text } = await ask(`${server.url}/-/metrics`);
  assert.deepEqual([status, figure(text, 'event_store_consumers')], [200, Number.NaN]);
});

test('readiness is what the engine says about appends', async () => {
  const states: readonly EngineHealth[] = [
    { state: 'read-only', reason: 'Damaged: repair it.' },
    { state: 'full', reason: 'Make room.' },
    { state: 'unavailable', reason: 'Wait.' },
    { state: 'ready' },
    { state: 'ready', damage: 'The log is damaged.' },
  ];
  let current = 0;
  await using server = await testServer({}, engineWith({ health: () => states[current] as EngineHealth }));
  for (; current < states.length; current++) {
    const state = states[current] as EngineHealth;
    const { status, text } = await ask(`${server.url}/-/health/ready`);
    const readiness = JSON.parse(text);
    assert.equal((await ask(`${server.url}/-/health/ready`, { method: 'HEAD' })).status, status);
    if (state.state === 'ready')
      assert.deepEqual(
        [status, readiness],
        [200, { ...(state.damage !== undefined && { damage: state.damage }), ready: true }],
      );
    else assert.deepEqual([status, readiness], [503, { ready: false, reason: state.state, detail: state.reason }]);
  }
});

test('the OpenAPI document has the bodies, the parameters and the forms of answers', async () => {
  await using server = await testServer();
  const { paths, info } = JSON.parse((await ask(`${server.url}/-/openapi.json`)).text);
  assert.equal(info.version, 'test');
  const post = paths['/{streamId}/{version}'].post;
  assert.ok(post.requestBody.content['application/json'].schema);
  assert.deepEqual(
    post.parameters.map(({ name, in: place }: { name: string; in: string }) => `${place} ${name}`),
    ['path streamId', 'path version'],
  );
  const feed = paths['/-/events'].get;
  assert.deepEqual(Object.keys(feed.responses['200'].content), [
    'application/json',
    'application/x-ndjson',
    'text/event-stream',
  ]);
  assert.deepEqual(Object.keys(feed.responses.default.content), ['application/problem+json']);
  assert.deepEqual(
    feed.parameters.map(({ name }: { name: string }) => name),
    ['after', 'limit', 'wait', 'type', 'streamPrefix'],
  );
});
