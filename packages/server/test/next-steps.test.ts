/** Refusals whose reason is a setting or a slip of the pen name the next step in their own text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, testServer } from './running-server.ts';

const steps = [
  { path: '/a', headers: { host: 'store.example' }, code: 'foreign-host', names: 'EVENT_STORE_ALLOWED_HOSTS' },
  {
    path: '/a',
    headers: { origin: 'https://app.example' },
    code: 'foreign-origin',
    names: 'EVENT_STORE_ALLOWED_ORIGINS',
  },
  { path: '/a/', headers: {}, code: 'no-route', names: 'slash' },
  { path: '/a?ofset=3', headers: {}, code: 'unknown-parameter', names: '"ofset"' },
];

for (const { path, headers, code, names } of steps) {
  test(`${code} says ${names}`, async () => {
    await using server = await testServer();
    const answer = await ask(server.url + path, { headers });
    assert.equal(answer.code, code);
    assert.ok(JSON.parse(answer.text).detail.includes(names), answer.text);
  });
}
