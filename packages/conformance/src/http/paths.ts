/** Paths are not normalised: only the routes of the contract exist, each with its own methods. */
import assert from 'node:assert/strict';
import { expectProblem } from './expect-problem.ts';
import type { HttpSuite } from './http-suite.ts';
import { sampleEvent } from './sample-events.ts';
import { streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

const nowhere = [
  '//',
  '///',
  '//a',
  '//a/1',
  '/a/',
  '/a//',
  '/a//1',
  '/a/1/',
  '/a/1/2',
  '/a/1//',
  '/a/b/c',
  '/-/',
  '/-//',
  '/-/nothing',
  '/-/events/',
  '/-//events',
  '//-/events',
  '/-/events/1',
  '/-/Events',
  '/-/event',
  '/-/health',
  '/-/health/',
  '/-/health/dead',
  '/-/limits/',
  '/-/openapi',
  '/-/__proto__',
  '/-/constructor',
  '/-/1',
  '/-/a/b/c',
  '/-/..',
  '/-/../a',
  '/-/%2e%2e/a',
];

/** Looks like a route of the service once decoded, but is a stream id of a user. */
const notTheService = ['/%2D/events', '/%2d/limits', '/%2D/health/live'];

const readOnlyRoutes = [
  '/',
  '/-/events',
  '/-/streams',
  '/-/health/live',
  '/-/health/ready',
  '/-/metrics',
  '/-/openapi.json',
  '/-/limits',
];

export function testPaths({ describe, it, client }: HttpSuite): void {
  describe('paths', () => {
    for (const path of nowhere) {
      it(`${path} is no route`, async () => {
        expectProblem(await client.get(path), 'no-route');
        expectProblem(await client.post(path, sampleEvent()), 'no-route');
        const head = await client.send({ method: 'HEAD', path });
        assert.deepEqual([head.status, head.text], [404, '']);
      });
    }

    for (const path of notTheService) {
      it(`${path} is not a route of the service`, async () => {
        const { status } = await client.get(path);
        assert.ok(status === 400 || status === 404, `${status}`);
      });
    }

    for (const path of readOnlyRoutes) {
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
        it(`${method} ${path} is not allowed`, async () => {
          const answer = await client.send({ method, path, body: JSON.stringify(sampleEvent()) });
          expectProblem(answer, 'method-not-allowed');
          assert.deepEqual(allowed(answer.headers.allow), ['GET', 'HEAD']);
        });
      }
    }

    for (const version of [undefined, 1]) {
      for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH', 'LINK']) {
        it(`${method} of ${version === undefined ? 'a stream' : 'an event'} is not allowed, and changes nothing`, async () => {
          const streamId = uniqueName('method');
          await client.append(streamId, sampleEvent());
          const answer = await client.send({ method, path: streamPath(streamId, version) });
          expectProblem(answer, 'method-not-allowed');
          assert.deepEqual(allowed(answer.headers.allow), ['GET', 'HEAD', 'POST']);
          assert.equal(await client.streamVersion(streamId), 1);
        });
      }
    }

    it('of a stream and of a version are told apart by the slash as it was sent', async () => {
      const name = uniqueName('path');
      await client.append(`${name}/1`, sampleEvent());
      assert.equal(await client.streamVersion(`${name}/1`), 1);
      assert.equal(await client.streamVersion(name), 0);
    });
  });
}

function allowed(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((method) => method.trim())
    .sort();
}
