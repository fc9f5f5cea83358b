/** Web pages of other origins are refused, and so, on loopback, are names that may have been rebound. */
import assert from 'node:assert/strict';
import { expectProblem } from './expect-problem.ts';
import type { HttpSuite } from './http-suite.ts';
import { sampleEvent } from './sample-events.ts';
import { streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

const foreignOrigins = [
  'null',
  'https://evil.example',
  'http://evil.example:3000',
  'http://localhost.evil.example',
  'http://127.0.0.1.evil.example',
  'chrome-extension://abcdefgh',
  'file://',
  'nonsense',
];

const foreignHosts = [
  'evil.example',
  'evil.example:3000',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'notlocalhost',
  'localhost.',
  '127.0.0.1.nip.io',
  'xn--lcalhost-54a',
  'localhost@evil.example',
];

const localHosts = [
  'localhost',
  'LOCALHOST',
  'localhost:1',
  '127.0.0.1',
  '127.0.0.1:80',
  '[::1]',
  '[::1]:3000',
  '10.0.0.1',
  '192.168.1.2:3000',
];

export function testOriginAndHost(suite: HttpSuite): void {
  suite.describe('origin', () => testOrigin(suite));
  suite.describe('host', () => testHost(suite));
}

function testOrigin({ it, client, baseUrl, capabilities: { configured } }: HttpSuite): void {
  for (const origin of foreignOrigins) {
    it(`${origin} is foreign`, async () => {
      const streamId = uniqueName('origin');
      for (const version of [undefined, 1]) {
        const answer = await client.post(streamPath(streamId, version), sampleEvent(), { origin });
        expectProblem(answer, 'foreign-origin');
        assert.equal(answer.headers['access-control-allow-origin'], undefined);
      }
      assert.equal(await client.streamVersion(streamId), 0);
      expectProblem(await client.get(streamPath(streamId), {}, { origin }), 'foreign-origin');
    });
  }

  it('of another port of the same machine is foreign', async () => {
    const url = new URL(baseUrl());
    url.port = url.port === '1' ? '2' : '1';
    const answer = await client.post(streamPath(uniqueName('origin')), sampleEvent(), { origin: url.origin });
    expectProblem(answer, 'foreign-origin');
  });

  it('of the server itself is served', async () => {
    const answer = await client.post(streamPath(uniqueName('origin')), sampleEvent(), {
      origin: new URL(baseUrl()).origin,
    });
    assert.equal(answer.status, 200, answer.text);
  });

  if (configured === undefined) return;
  it('that is configured is served, and nothing like it', async () => {
    const path = streamPath(uniqueName('origin'));
    const { origin } = configured;
    assert.equal((await client.post(path, sampleEvent(), { origin })).status, 200);
    for (const other of [`${origin}.evil.example`, `${origin}:1`, origin.replace('://', '://x'), `x${origin}`]) {
      expectProblem(await client.post(path, sampleEvent(), { origin: other }), 'foreign-origin');
    }
  });
}

function testHost({ it, client, capabilities: { configured, refusesForeignHosts } }: HttpSuite): void {
  for (const host of localHosts) {
    it(`${host} is served`, async () => {
      const answer = await client.post(streamPath(uniqueName('host')), sampleEvent(), { host });
      assert.equal(answer.status, 200, answer.text);
    });
  }

  if (configured !== undefined) {
    it('that is configured is served', async () => {
      const path = streamPath(uniqueName('host'));
      assert.equal((await client.get(path, {}, { host: configured.host })).status, 200);
      assert.equal((await client.get(path, {}, { host: `x${configured.host}` })).status === 200, !refusesForeignHosts);
    });
  }

  if (!refusesForeignHosts) return;
  for (const host of foreignHosts) {
    it(`${host} is refused`, async () => {
      const streamId = uniqueName('host');
      const answer = await client.post(streamPath(streamId), sampleEvent(), { host });
      const code = host.includes('@') ? undefined : 'foreign-host';
      if (code === undefined) assert.ok(answer.status === 400 || answer.status === 421, answer.text);
      else expectProblem(answer, code);
      assert.equal(await client.streamVersion(streamId), 0);
      for (const path of ['/', '/-/health/live', '/-/events', '/-/limits']) {
        assert.notEqual((await client.get(path, {}, { host })).status, 200, path);
      }
    });
  }

  it('of a page that rebound its name is refused, though its origin looks the same', async () => {
    const headers = { host: 'evil.example:3000', origin: 'http://evil.example:3000' };
    const { status } = await client.post(streamPath(uniqueName('host')), sampleEvent(), headers);
    assert.ok(status === 403 || status === 421, `${status}`);
  });
}
