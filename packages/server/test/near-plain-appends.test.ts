/**
 * Every plain append with one byte changed, put in or left out: it is answered as behind a request
 * that only node:http serves, so that no quicker way of reading appends can be told from that.
 * Shows P-21.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '@event-store/core';
import { answerAlike, forms } from '../../../simulation/http/answer-alike.ts';
import { TargetServer } from '../../../simulation/http/target-server.ts';
import { seededRandom } from '../../../simulation/seeded-random.ts';
import { testServer } from './running-server.ts';

const body = '{"type":"T","data":"QQ=="}';
const headers = ['Host: localhost', `Content-Length: ${body.length}`, 'Accept: */*'];
const bytes = [0x00, 0x09, 0x0a, 0x0b, 0x0d, 0x20, 0x2c, 0x30, 0x3a, 0x7f, 0xa0, 0xff];
const characters = bytes.map((byte) => String.fromCharCode(byte));
/** So many at a time. */
const connectionsMax = 24;

/** Each request has a stream of its own, so that those sent at the same time do not meet. */
function requestFor(number: number): string {
  return [`POST /near${String(number).padStart(5, '0')} HTTP/1.1`, ...headers, '', body].join('\r\n');
}

function* changed(): Generator<string> {
  let number = 0;
  for (let place = 0; place < requestFor(0).length; place++) {
    for (const [index, character] of [...characters, ...characters].entries()) {
      const request = requestFor(number++);
      const [before, after] = [request.slice(0, place), request.slice(place)];
      yield before + character + after.slice(index < characters.length ? 0 : 1);
    }
    for (const repeats of [0, 2]) {
      const request = requestFor(number++);
      yield request.slice(0, place) + request.charAt(place).repeat(repeats) + request.slice(place + 1);
    }
  }
}

test('one byte changed, put in or left out, anywhere', { timeout: 120_000 }, async (context) => {
  const clock = systemClock;
  const random = seededRandom(1);
  const direct = forms[0];
  const general = forms.find(({ name }) => name.includes('only the general way'));
  assert.ok(direct !== undefined && general !== undefined);
  await using one = await testServer();
  await using other = await testServer();
  const servers = [
    { server: new TargetServer(one.url), form: direct },
    { server: new TargetServer(other.url), form: general },
  ];
  context.after(() => servers.map(({ server }) => server.close()));
  const requests = [...changed()];
  while (requests.length > 0) {
    await Promise.all(
      requests.splice(0, connectionsMax).map(async (request) => {
        try {
          await answerAlike(servers, { bytes: request, random, clock });
        } catch (cause) {
          throw new Error(JSON.stringify(request), { cause });
        }
      }),
    );
  }
});
