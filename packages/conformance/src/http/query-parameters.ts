/** Query parameters: a closed list for each route, whole numbers in plain decimal, each at most once. */
import assert from 'node:assert/strict';
import { limits } from '@event-store/core';
import { expectProblem } from './expect-problem.ts';
import type { HttpSuite } from './http-suite.ts';
import { sampleEvent, sampleEvents, versionsOf } from './sample-events.ts';
import { streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

const notNumbers = [
  '',
  '-1',
  '1.5',
  '1.0',
  'x',
  '1e3',
  '0x10',
  '+1',
  '%2B1',
  '%201',
  '1%20',
  '1,2',
  '1%00',
  'NaN',
  'null',
  '%D9%A1',
  '99999999999999999999',
];
const notLimits = [...notNumbers, '0', `${limits.pageEventsMax + 1}`];

export function testQueryParameters(suite: HttpSuite): void {
  suite.describe('query parameters', () => {
    testNumbers(suite);
    testNames(suite);
    testDecoding(suite);
  });
}

function testNumbers({ it, client, capabilities }: HttpSuite): void {
  const numbers: readonly (readonly [path: string, name: string, values: readonly string[]])[] = [
    ['/query', 'offset', notNumbers],
    ['/query', 'limit', notLimits],
    ...(capabilities.feed
      ? ([
          ['/-/events', 'after', notNumbers],
          ['/-/events', 'limit', notLimits],
        ] as const)
      : []),
    ...(capabilities.listsStreams ? ([['/-/streams', 'limit', notLimits]] as const) : []),
  ];
  for (const [path, name, values] of numbers) {
    for (const value of values) {
      it(`${path}?${name}=${value} is invalid`, async () => {
        expectProblem(await client.get(`${path}?${name}=${value}`), 'invalid-parameter', { name });
      });
    }
    it(`${path} takes ${name} once`, async () => {
      expectProblem(await client.get(`${path}?${name}=1&${name}=1`), 'invalid-parameter', { name });
    });
  }

  for (const direction of ['sideways', '', 'Backward', 'forward,backward', 'forward&direction=forward']) {
    it(`direction=${direction} is invalid`, async () => {
      expectProblem(await client.get(`/query?direction=${direction}`), 'invalid-parameter', { name: 'direction' });
    });
  }

  it('limit may be the maximum', async () => {
    assert.equal((await client.get('/query', { limit: limits.pageEventsMax })).status, 200);
  });
}

function testNames({ it, client }: HttpSuite): void {
  const name = uniqueName('query');
  for (const [path, parameter] of [
    [streamPath(name), 'unknown'],
    [streamPath(name), 'Offset'],
    [streamPath(name), 'after'],
    [streamPath(name), '__proto__'],
    [streamPath(name), 'constructor'],
    [streamPath(name), 'offset%00'],
    [streamPath(name, 1), 'limit'],
    ['/-/events', 'offset'],
    ['/-/events', 'direction'],
    ['/-/streams', 'offset'],
    ['/-/streams', 'type'],
    ['/', 'unknown'],
    ['/-/limits', 'unknown'],
    ['/-/metrics', 'unknown'],
    ['/-/openapi.json', 'unknown'],
  ] as const) {
    it(`GET ${path.replace(name, ':streamId')}?${parameter}=1 is unknown`, async () => {
      const answer = await client.get(`${path}?${parameter}=1`);
      expectProblem(answer, 'unknown-parameter', { name: decodeURIComponent(parameter) });
    });
  }

  it('an append has none', async () => {
    const streamId = uniqueName('query');
    for (const version of [undefined, 1]) {
      const answer = await client.post(`${streamPath(streamId, version)}?limit=1`, sampleEvent());
      expectProblem(answer, 'unknown-parameter', { name: 'limit' });
    }
    assert.equal(await client.streamVersion(streamId), 0);
  });

  it('a parameter without a value is there all the same', async () => {
    expectProblem(await client.get('/query?offset'), 'invalid-parameter', { name: 'offset' });
    expectProblem(await client.get('/query?unknown'), 'unknown-parameter', { name: 'unknown' });
  });
}

function testDecoding({ it, client }: HttpSuite): void {
  it('an empty query is none', async () => {
    assert.equal((await client.get('/query?')).status, 200);
  });

  it('names and values are percent-decoded', async () => {
    const streamId = uniqueName('query');
    await client.append(streamId, sampleEvents(5));
    const { text } = await client.get(`${streamPath(streamId)}?%6Fffset=%33&limit=1`);
    assert.deepEqual(versionsOf(JSON.parse(text).payload), [3]);
  });

  it('a value that is not percent-encoded UTF-8 is invalid', async () => {
    for (const value of ['%zz', '%', '%C0%AF', '%ED%A0%80']) {
      expectProblem(await client.get(`/query?direction=${value}`), 'invalid-parameter', { name: 'direction' });
    }
  });
}
