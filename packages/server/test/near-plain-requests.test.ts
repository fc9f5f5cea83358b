/**
 * Every plain append and read with one byte changed, put in or left out: it is answered as behind a
 * request that only node:http serves, so that no quicker way of serving them can be told from that.
 * Shows P-21.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
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
const plain = {
  append: (number: number) => [`POST /near${fiveDigits(number)} HTTP/1.1`, ...headers, '', body].join('\r\n'),
  read: (number: number) =>
    `GET /near${fiveDigits(number)}?limit=2&offset=1 HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n`,
} as const;

function fiveDigits(number: number): string {
  return String(number).padStart(5, '0');
}

function* changed(requestFor: (number: number) => string): Generator<string> {
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

for (const name of ['append', 'read'] as const) {
  test(`${name} with one byte changed, put in or left out, anywhere`, { timeout: 120_000 }, (context) =>
    compare(plain[name], context),
  );
}

async function compare(requestFor: (number: number) => string, context: TestContext): Promise<void> {
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
  const requests = [...changed(requestFor)];
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
}
