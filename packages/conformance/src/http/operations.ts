/** The routes for operators, and the document that lists exactly the routes there are. */
import assert from 'node:assert/strict';
import { limits } from '@event-store/core';
import type { HttpSuite } from './http-suite.ts';
import { sampleEvent } from './sample-events.ts';
import { expectJson, streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

/** Methods of each route but HEAD, which every GET has. */
const routes: Readonly<Record<string, readonly string[]>> = {
  '/': ['get'],
  '/{streamId}': ['get', 'post'],
  '/{streamId}/{version}': ['get', 'post'],
  '/-/events': ['get'],
  '/-/streams': ['get'],
  '/-/consumers': ['get'],
  '/-/consumers/{consumer}': ['delete', 'get', 'put'],
  '/-/consumers/{consumer}/events': ['get'],
  '/-/consumers/{consumer}/checkpoint': ['post'],
  '/-/health/live': ['get'],
  '/-/health/ready': ['get'],
  '/-/metrics': ['get'],
  '/-/openapi.json': ['get'],
  '/-/limits': ['get'],
};

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function testOperations(suite: HttpSuite): void {
  suite.describe('operations', () => {
    testEachRoute(suite);
    testOpenApi(suite);
  });
}

function testEachRoute({ it, client }: HttpSuite): void {
  it('/ says that the service is online', async () => {
    const { status, headers, text } = await client.get('/');
    assert.deepEqual([status, text.trim()], [200, 'The service is online']);
    assert.match(headers['content-type'] ?? '', /^text\/plain/);
  });

  it('health is live and ready', async () => {
    assert.equal((await client.get('/-/health/live')).status, 200);
    assert.equal((await client.get('/-/health/ready')).status, 200);
  });

  it('limits are the ones of the contract, or lower', async () => {
    const running = await client.limits();
    assert.deepEqual(Object.keys(running).sort(), Object.keys(limits).sort());
    for (const [name, limit] of Object.entries(limits)) {
      const value = running[name as keyof typeof limits];
      assert.ok(Number.isInteger(value) && value > 0 && value <= limit, name);
    }
  });

  it('metrics are in the text format of Prometheus, and move with appends', async () => {
    const before = await client.get('/-/metrics');
    assert.match(before.headers['content-type'] ?? '', /^text\/plain/);
    for (const line of before.text.split('\n')) {
      assert.match(line, /^$|^# (HELP|TYPE) [a-zA-Z_:]|^[a-zA-Z_:][\w:]*(\{.*\})? \S+( \d+)?$/);
    }
    await client.append(uniqueName('metrics'), sampleEvent());
    assert.notEqual((await client.get('/-/metrics')).text, before.text);
  });

  it('metrics name no stream', async () => {
    const streamId = uniqueName('metrics');
    await client.append(streamId, sampleEvent());
    await client.get(streamPath(streamId));
    assert.ok(!(await client.get('/-/metrics')).text.includes(streamId));
  });

  for (const path of Object.keys(routes).filter((route) => !route.includes('{'))) {
    it(`HEAD ${path} has the status of GET and no body`, async () => {
      const get = await client.get(path);
      const head = await client.send({ method: 'HEAD', path });
      assert.deepEqual([head.status, head.text], [get.status, '']);
      assert.equal(head.headers['content-type'], get.headers['content-type']);
    });
  }
}

function testOpenApi({ it, client }: HttpSuite): void {
  it('the OpenAPI document lists exactly the routes', async () => {
    const document = expectJson<OpenApi>(await client.get('/-/openapi.json'));
    assert.match(document.openapi, /^3\./);
    const listed = Object.entries(document.paths).map(([path, methods]) => [
      path,
      Object.keys(methods)
        .filter((method) => method !== 'head' && method !== 'parameters')
        .sort(),
    ]);
    assert.deepEqual(Object.fromEntries(listed), routes);
  });

  it('the OpenAPI document refers only to what it holds', async () => {
    const { text } = await client.get('/-/openapi.json');
    const document: unknown = JSON.parse(text);
    for (const [, pointer = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      let value = document;
      for (const name of pointer.split('/')) value = (value as Record<string, unknown> | undefined)?.[name];
      assert.ok(value !== undefined, pointer);
    }
    assert.doesNotMatch(text, /"\$ref":"[^#]/);
  });
}
