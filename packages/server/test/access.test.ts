/** Hosts, origins and tokens; and what pages of an allowed origin are told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventStoreError } from '@event-store/core';
import { AccessCheck, isLoopback } from '../src/http/check-access.ts';
import { append, ask, testServer } from './running-server.ts';

const rules = { host: '127.0.0.1', allowedHosts: [], allowedOrigins: [], token: undefined };
const refuses = (code: string) => (error: unknown) => error instanceof EventStoreError && error.code === code;

test('loopback is what only this machine reaches', () => {
  for (const host of ['127.0.0.1', '127.8.9.1', 'localhost', 'LOCALHOST', 'api.localhost', '::1']) {
    assert.ok(isLoopback(host), host);
  }
  for (const host of ['0.0.0.0', '::', '10.0.0.1', '128.0.0.1', 'localhost.example', '127.0.0.1.example', '127.1']) {
    assert.ok(!isLoopback(host), host);
  }
});

test('beyond loopback any host is served', () => {
  new AccessCheck({ ...rules, host: '0.0.0.0' }).checkHost({ host: 'store.example' });
  assert.throws(() => new AccessCheck(rules).checkHost({ host: 'store.example' }), refuses('foreign-host'));
});

test('a host that was served does not let another one through', () => {
  const access = new AccessCheck({ ...rules, allowedHosts: ['Store.Example'] });
  access.checkHost({ host: 'store.example:3000' });
  for (const host of ['store.example.evil', 'evil-store.example', '']) {
    assert.throws(() => access.checkHost({ host }), refuses('foreign-host'), host);
  }
});

test('browsers that do not name an origin name the site', () => {
  const access = new AccessCheck(rules);
  for (const site of ['same-origin', 'none', undefined]) access.checkOrigin({ 'sec-fetch-site': site });
  for (const site of ['cross-site', 'same-site', 'x']) {
    assert.throws(() => access.checkOrigin({ 'sec-fetch-site': site }), refuses('foreign-origin'), site);
  }
});

test('a page of an allowed origin may ask first, and then read the answer', async () => {
  const origin = 'https://app.example';
  await using server = await testServer({ allowedOrigins: [origin], token: 'sesame' });
  const preflight = await ask(`${server.url}/a`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers['access-control-allow-origin'], origin);
  assert.match(preflight.headers['access-control-allow-methods'] ?? '', /POST/);
  assert.match(preflight.headers['access-control-allow-headers'] ?? '', /Authorization/);
  const authorization = 'Bearer sesame';
  const stored = await ask(`${server.url}/a`, { ...append, headers: { origin, authorization } });
  assert.deepEqual([stored.status, stored.headers['access-control-allow-origin']], [200, origin]);
  assert.match(stored.headers['access-control-expose-headers'] ?? '', /ETag/);
  const refused = await ask(`${server.url}/a`, { ...append, headers: { origin } });
  assert.deepEqual([refused.code, refused.headers['access-control-allow-origin']], ['unauthenticated', origin]);
});

test('a page of another origin is told nothing', async () => {
  await using server = await testServer({ allowedOrigins: ['https://app.example'] });
  const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
  const preflight = await ask(`${server.url}/a`, { method: 'OPTIONS', headers });
  assert.deepEqual([preflight.code, preflight.headers['access-control-allow-origin']], ['foreign-origin', undefined]);
});
