/** With very few descriptors, those who only connect leave enough for the store to go on. Shows P-18. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { feed, serveIn, startedStore } from './support/store.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const launcher = ['sh', '-c', 'ulimit -n 64 && exec "$@"', 'sh'];
const appends = 80;

test('with 64 descriptors and 100 idle clients, appends go on into new segments', async (context) => {
  const args = [...serveIn(join(temporaryDirectory(context), 'data')), '--segment-bytes', '4096'];
  const { url, port, end } = await startedStore(context, { args, launcher });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  context.after(() => agent.destroy());
  await append(url, agent);
  const idle = await Promise.all(Array.from({ length: 100 }, () => opened(port)));
  for (let count = 1; count < appends; count++) await append(url, agent);
  for (const socket of idle) socket.destroy();
  agent.destroy();
  const ready = await untilServed(`${url}/-/health/ready`);
  assert.equal(ready.status, 200, await ready.text());
  assert.equal((await feed(url)).length, appends);
  assert.deepEqual(await end('SIGTERM'), { code: 0, signal: null, stderr: '' });
});

/** A connection that says nothing, whether the store keeps it or closes it at once. */
async function opened(port: number) {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

function append(url: string, agent: Agent): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const asked = request(`${url}/noted`, { method: 'POST', agent }, (answer) => {
    text(answer).then((content) => (answer.statusCode === 200 ? resolve() : reject(new Error(content))), reject);
  });
  asked.on('error', reject);
  asked.end(JSON.stringify({ type: 'Noted', data: 'A'.repeat(400) }));
  return promise;
}

/** The answer, once those who left have made room. */
async function untilServed(url: string): Promise<Response> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer !== undefined) return answer;
  }
}
