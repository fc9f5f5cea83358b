/** What cannot be a consumer, or a move of one, is refused with its own code, and changes nothing. */
import assert from 'node:assert/strict';
import { type ErrorCode, type ErrorDetails, limits } from '@event-store/core';
import { expectProblem } from '../expect-problem.ts';
import type { HttpSuite } from '../http-suite.ts';
import { uniqueName } from '../unique-name.ts';
import { ConsumerClient } from './consumer-client.ts';

type Refusal = readonly [body: unknown, code: ErrorCode, details?: ErrorDetails];

const tooManyTypes = Array.from({ length: limits.filterTypesMax + 1 }, (_, index) => `type-${index}`);

const bodies: readonly Refusal[] = [
  ['', 'invalid-json'],
  ['{', 'invalid-json'],
  [`${'['.repeat(65)}${']'.repeat(65)}`, 'json-too-deep'],
];

const definitions: readonly Refusal[] = [
  ...bodies,
  ...['[]', '"x"', 'null', '1'].map((body) => [body, 'invalid-consumer', { pointer: '' }] as const),
  ['{"position":1}', 'unknown-field', { pointer: '/position' }],
  ['{"__proto__":1}', 'unknown-field', { pointer: '/__proto__' }],
  ['{"a/b~c":1}', 'unknown-field', { pointer: '/a~1b~0c' }],
  ...['begin', '1', -1, 1.5, null, 2 ** 53, []].map(
    (start) => [{ start }, 'invalid-consumer', { pointer: '/start' }] as const,
  ),
  ...[[], 'A', [1], [''], ['x'.repeat(257)], ['a\u0000'], null].map(
    (types) => [{ types }, 'invalid-consumer', { pointer: '/types' }] as const,
  ),
  [{ types: tooManyTypes }, 'invalid-consumer', { pointer: '/types', limit: limits.filterTypesMax }],
  ['{"types":["\\ud800"]}', 'invalid-consumer', { pointer: '/types' }],
  ...[1, null, 'x'.repeat(513), 'a\n'].map(
    (streamPrefix) => [{ streamPrefix }, 'invalid-consumer', { pointer: '/streamPrefix' }] as const,
  ),
  [`{"start":"end","streamPrefix":"${' '.repeat(limits.consumerBytesMax)}"}`, 'body-too-large'],
];

const moves: readonly Refusal[] = [
  ...bodies,
  ...['[]', 'null', '7'].map((body) => [body, 'invalid-checkpoint', { pointer: '' }] as const),
  [{}, 'invalid-checkpoint', { pointer: '/position' }],
  ...['1', -1, 1.5, null, 2 ** 53].map(
    (position) => [{ position }, 'invalid-checkpoint', { pointer: '/position' }] as const,
  ),
  [{ position: 0, epoch: 1 }, 'invalid-checkpoint', { pointer: '/epoch' }],
  [{ position: 0, reset: 'yes' }, 'invalid-checkpoint', { pointer: '/reset' }],
  [{ position: 0, after: 1 }, 'unknown-field', { pointer: '/after' }],
  [{ position: 9_007_199_254_740_991 }, 'cursor-ahead'],
  [{ position: 9_007_199_254_740_991, reset: true }, 'cursor-ahead'],
];

const badNames = ['.', '..', '.a', '_a', '%20', 'a%20b', 'a%2Fb', '%C3%A9', '%', 'x'.repeat(65), 'a%00', '-a'];

export function testRefusedConsumers(suite: HttpSuite): void {
  if (!suite.capabilities.feed) return;
  suite.describe('consumers that cannot be', () => {
    testRefusedNames(suite);
    testRefusedBodies(suite);
    testRefusedParameters(suite);
  });
}

function testRefusedNames({ it, client }: HttpSuite): void {
  it('by their name', async () => {
    for (const name of badNames) {
      for (const [method, path] of [
        ['PUT', ''],
        ['GET', ''],
        ['DELETE', ''],
        ['GET', '/events'],
        ['POST', '/checkpoint'],
      ] as const) {
        const answer = await client.send({ method, path: `/-/consumers/${name}${path}`, body: '{}' });
        expectProblem(answer, 'invalid-consumer');
      }
    }
    for (const path of ['/-/consumers/', '/-/consumers//events', '/-/consumers/a/', '/-/consumers/a/other']) {
      expectProblem(await client.get(path), 'no-route');
    }
  });
}

function testRefusedBodies({ it, client }: HttpSuite): void {
  it('by their definition', async () => {
    const consumer = new ConsumerClient(client);
    for (const [body, code, details] of definitions) expectProblem(await consumer.put(body), code, details);
    expectProblem(await client.get(consumer.path), 'consumer-not-found');
  });

  it('by the move of their checkpoint', async () => {
    const consumer = new ConsumerClient(client);
    const made = await consumer.make({});
    for (const [body, code, details] of moves) expectProblem(await consumer.post(body), code, details);
    const { lagEvents: _, lagSeconds: __, ...shown } = await consumer.show();
    const { lagEvents: ___, lagSeconds: ____, ...before } = made;
    assert.deepEqual(shown, before);
  });
}

function testRefusedParameters({ it, client }: HttpSuite): void {
  it('by their partition', async () => {
    const consumer = new ConsumerClient(client);
    await consumer.make({});
    for (const partition of ['', '1', '0/1', '2/1', '1/0', '1/65', '01/2', '1/2/3', 'a/b', '-1/2', '1 / 2']) {
      const details = { name: 'partition' };
      expectProblem(await consumer.events({ partition }), 'invalid-parameter', details);
      expectProblem(await consumer.post({ position: 0 }, { partition }), 'invalid-parameter', details);
      expectProblem(await client.get(consumer.path, { partition }), 'invalid-parameter', details);
    }
  });

  it('by parameters that are not theirs', async () => {
    const consumer = new ConsumerClient(client);
    await consumer.make({});
    for (const name of ['after', 'type', 'streamPrefix']) {
      expectProblem(await consumer.events({ [name]: 'x' }), 'unknown-parameter', { name });
    }
    for (const [name, value] of [
      ['limit', 0],
      ['wait', 61],
    ] as const) {
      expectProblem(await consumer.events({ [name]: value }), 'invalid-parameter', { name });
    }
    for (const accept of ['application/x-ndjson', 'text/event-stream']) {
      expectProblem(await consumer.events({ wait: 1 }, { accept }), 'invalid-parameter', { name: 'wait' });
    }
    expectProblem(await client.get('/-/consumers', { limit: 0 }), 'invalid-parameter', { name: 'limit' });
    expectProblem(await consumer.events({}, { accept: 'text/html' }), 'not-acceptable');
  });

  it('by the method', async () => {
    const path = `/-/consumers/${uniqueName('consumer')}`;
    for (const [method, at, allow] of [
      ['POST', '/-/consumers', ['GET', 'HEAD']],
      ['POST', path, ['GET', 'HEAD', 'PUT', 'DELETE']],
      ['PUT', `${path}/events`, ['GET', 'HEAD']],
      ['GET', `${path}/checkpoint`, ['POST']],
    ] as const) {
      const answer = await client.send({ method, path: at });
      expectProblem(answer, 'method-not-allowed', { allow });
      assert.equal(answer.headers.allow, allow.join(', '));
    }
  });
}
