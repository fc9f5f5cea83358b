/** Stream ids in paths: decoded exactly once, kept as they are, and refused with the right code. */
import assert from 'node:assert/strict';
import type { AppendAnswer, ErrorCode, RecordedEvent } from '@event-store/core';
import { expectProblem } from './expect-problem.ts';
import type { HttpSuite } from './http-suite.ts';
import { sampleEvent } from './sample-events.ts';
import { expectJson, streamPath } from './store-client.ts';
import { uniqueName } from './unique-name.ts';

/** Path segment and the stream id that it means. */
const valid: readonly (readonly [segment: string, streamId: string])[] = [
  ['a%2Fb', 'a/b'],
  ['a%2fb', 'a/b'],
  ['%2F', '/'],
  ['%2Fa', '/a'],
  ['a%2F', 'a/'],
  ['a%2F%2Fb', 'a//b'],
  ['a%2F..%2Fb', 'a/../b'],
  ['..%2Fb', '../b'],
  ['%2F-%2Fevents', '/-/events'],
  ['%C3%A9', 'é'],
  ['%c3%a9', 'é'],
  ['e%CC%81', 'e\u0301'],
  ['%E6%BC%A2%E5%AD%97', '漢字'],
  ['%F0%9F%98%80', '😀'],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['prototype', 'prototype'],
  ['toString', 'toString'],
  ['hasOwnProperty', 'hasOwnProperty'],
  ['CON', 'CON'],
  ['nul', 'nul'],
  ['aux.txt', 'aux.txt'],
  ['favicon.ico', 'favicon.ico'],
  ['%20', ' '],
  ['a%20b', 'a b'],
  ['%20a%20', ' a '],
  ['a+b', 'a+b'],
  ['a%2Bb', 'a+b'],
  ['%25', '%'],
  ['%2525', '%25'],
  ['a%2520b', 'a%20b'],
  ['a%252Fb', 'a%2Fb'],
  ['%252e%252e', '%2e%2e'],
  ['a%3Fb', 'a?b'],
  ['a%23b', 'a#b'],
  ['a;b', 'a;b'],
  ['a;b=c', 'a;b=c'],
  ['a:b', 'a:b'],
  [':streamId', ':streamId'],
  ['a@b', 'a@b'],
  ['a&b=c', 'a&b=c'],
  ['a,b', 'a,b'],
  ["a'b", "a'b"],
  ['a%22b', 'a"b'],
  ['a%5Cb', 'a\\b'],
  ['%7B%7D', '{}'],
  ['%3Cscript%3E', '<script>'],
  ['*', '*'],
  ['a*b', 'a*b'],
  ['$where', '$where'],
  ['~', '~'],
  ['!', '!'],
  ['(a)', '(a)'],
  ['...', '...'],
  ['.a', '.a'],
  ['a.', 'a.'],
  ['--', '--'],
  ['-a', '-a'],
  ['-.-', '-.-'],
  ['a%2F-', 'a/-'],
  ['0', '0'],
  ['1', '1'],
  ['null', 'null'],
  ['undefined', 'undefined'],
  ['%EF%BB%BFa', '\ufeffa'],
  ['a%E2%80%A8b', 'a\u2028b'],
  ['a%C2%A0b', 'a\u00a0b'],
  ['%EF%BF%BD', '\ufffd'],
  ['%EF%BF%BF', '\uffff'],
];

const refused: readonly (readonly [segment: string, code: ErrorCode])[] = [
  ['-', 'reserved-stream-id'],
  ['%2D', 'reserved-stream-id'],
  ['%2d', 'reserved-stream-id'],
  ['-%2F', 'reserved-stream-id'],
  ['-%2Fx', 'reserved-stream-id'],
  ['%2D%2fx', 'reserved-stream-id'],
  ['-%2Fevents', 'reserved-stream-id'],
  ['.', 'invalid-stream-id'],
  ['..', 'invalid-stream-id'],
  ['%2e', 'invalid-stream-id'],
  ['%2E%2E', 'invalid-stream-id'],
  ['.%2e', 'invalid-stream-id'],
  ['%', 'invalid-stream-id'],
  ['a%', 'invalid-stream-id'],
  ['%2', 'invalid-stream-id'],
  ['%zz', 'invalid-stream-id'],
  ['%u00e9', 'invalid-stream-id'],
  ['%80', 'invalid-stream-id'],
  ['%C3', 'invalid-stream-id'],
  ['%C3x', 'invalid-stream-id'],
  ['%E9', 'invalid-stream-id'],
  ['%FF%FE', 'invalid-stream-id'],
  ['%C0%AF', 'invalid-stream-id'],
  ['%C0%80', 'invalid-stream-id'],
  ['%E0%80%AF', 'invalid-stream-id'],
  ['%F0%80%80%AF', 'invalid-stream-id'],
  ['%ED%A0%80', 'invalid-stream-id'],
  ['%ED%A0%BD%ED%B8%80', 'invalid-stream-id'],
  ['%F4%90%80%80', 'invalid-stream-id'],
  ['%00', 'invalid-stream-id'],
  ['a%00b', 'invalid-stream-id'],
  ['%0A', 'invalid-stream-id'],
  ['a%0D%0ASet-Cookie:x', 'invalid-stream-id'],
  ['%09', 'invalid-stream-id'],
  ['%1B', 'invalid-stream-id'],
  ['%7F', 'invalid-stream-id'],
  ['%C2%80', 'invalid-stream-id'],
  ['%C2%85', 'invalid-stream-id'],
  ['%C2%9F', 'invalid-stream-id'],
];

export function testStreamIds({ describe, it, client }: HttpSuite): void {
  describe('stream id', () => {
    for (const [segment, streamId] of valid) {
      it(`${segment} is kept as it is`, async () => {
        const sent = sampleEvent({ metadata: { segment } });
        const answer = expectJson<AppendAnswer>(await client.post(`/${segment}`, sent));
        assert.equal(answer.streamId, streamId);
        for (const path of [`/${segment}/${answer.version}`, streamPath(streamId, answer.version)]) {
          const event = expectJson<RecordedEvent>(await client.get(path));
          assert.deepEqual([event.streamId, event.metadata], [streamId, { segment }]);
        }
        const page = await client.get(`/${segment}?direction=backward&limit=1`);
        assert.equal(page.headers.etag, `W/"${answer.version}"`);
      });
    }

    for (const [segment, code] of refused) {
      it(`${segment} is ${code}`, async () => {
        expectProblem(await client.post(`/${segment}`, sampleEvent()), code);
        expectProblem(await client.get(`/${segment}`), code);
        expectProblem(await client.get(`/${segment}/1`.replace(/^\/-\//, '/%2D/')), code);
      });
    }

    it('that differ in case or in normal form are different streams', async () => {
      const name = uniqueName('id');
      const ids = [`${name}-é`, `${name}-e\u0301`, `${name}-A`, `${name}-a`, `${name}-a `, ` ${name}-a`];
      for (const id of ids) assert.equal((await client.append(id, sampleEvent())).version, 1);
    });

    for (const [name, character] of [
      ['one byte', 'x'],
      ['two bytes', 'é'],
      ['three bytes', '漢'],
      ['four bytes', '😀'],
    ] as const) {
      it(`may have 512 bytes and no more, in characters of ${name}`, async () => {
        const prefix = uniqueName('id');
        const size = Buffer.byteLength(character);
        const room = 512 - prefix.length;
        const longest = prefix.padEnd(prefix.length + (room % size), '.') + character.repeat(Math.floor(room / size));
        assert.equal(Buffer.byteLength(longest), 512);
        assert.equal((await client.append(longest, sampleEvent())).streamId, longest);
        assert.equal((await client.streamPage(longest)).payload[0]?.streamId, longest);
        expectProblem(await client.post(streamPath(`${longest}.`), sampleEvent()), 'invalid-stream-id');
        expectProblem(await client.get(streamPath(`${longest}.`)), 'invalid-stream-id');
      });
    }
  });
}
