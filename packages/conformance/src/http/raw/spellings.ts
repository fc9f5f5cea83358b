/**
 * One append in many spellings that mean the same (RFC 9110 sections 5 and 7.2, RFC 9112): each
 * gets the status, the headers and the content that the plainest one gets.
 */
import assert from 'node:assert/strict';
import type { HttpSuite } from '../http-suite.ts';
import { sampleEvent } from '../sample-events.ts';
import { streamPath } from '../store-client.ts';
import { uniqueName } from '../unique-name.ts';
import { comparableAnswer } from './comparable-answer.ts';
import { converse } from './converse.ts';

/** What is spelt: a path, and a body in Latin-1. */
interface Append {
  readonly host: string;
  readonly path: string;
  readonly content: string;
}

type Spelling = (append: Append) => string;

const withHeaders =
  (...headers: readonly string[]): Spelling =>
  ({ host, path, content }) =>
    [`POST ${path} HTTP/1.1`, ...headers, '', content]
      .join('\r\n')
      .replaceAll('{host}', host)
      .replaceAll('{n}', `${content.length}`);

const plain = withHeaders('Host: {host}', 'Content-Length: {n}');

const spellings: Readonly<Record<string, Spelling>> = {
  'the length first': withHeaders('Content-Length: {n}', 'Host: {host}'),
  'names in lower case': withHeaders('host: {host}', 'content-length: {n}'),
  'names in upper case': withHeaders('HOST: {host}', 'CONTENT-LENGTH: {n}'),
  'names in mixed case': withHeaders('hOST: {host}', 'cONTENT-lENGTH: {n}'),
  'no space behind colons': withHeaders('Host:{host}', 'Content-Length:{n}'),
  'spaces and tabs around values': withHeaders('Host: \t {host} \t ', 'Content-Length:\t\t{n}  '),
  'zeros in front of the length': withHeaders('Host: {host}', 'Content-Length: 000{n}'),
  'the headers of curl': withHeaders(
    'Host: {host}',
    'User-Agent: curl/8.5.0',
    'Accept: */*',
    'Content-Length: {n}',
    'Content-Type: application/x-www-form-urlencoded',
  ),
  'the headers of a library': withHeaders(
    'content-type: application/json',
    'host: {host}',
    'connection: keep-alive',
    'accept: */*',
    'accept-language: *',
    'sec-fetch-mode: cors',
    'user-agent: node',
    'accept-encoding: gzip, deflate',
    'content-length: {n}',
  ),
  'an Accept that allows no answer': withHeaders('Host: {host}', 'Accept: image/png', 'Content-Length: {n}'),
  'a type that is not JSON': withHeaders(
    'Host: {host}',
    'Content-Type: text/plain; charset=utf-16',
    'Content-Length: {n}',
  ),
  'an encoding that is none': withHeaders('Host: {host}', 'Content-Encoding: identity', 'Content-Length: {n}'),
  'conditions that mean nothing here': withHeaders(
    'Host: {host}',
    'If-None-Match: *',
    'If-Match: "1"',
    'Range: bytes=0-1',
    'Content-Length: {n}',
  ),
  'a cursor that means nothing here': withHeaders('Host: {host}', 'Last-Event-ID: x', 'Content-Length: {n}'),
  'Connection: Keep-Alive': withHeaders('Host: {host}', 'Connection: Keep-Alive', 'Content-Length: {n}'),
  'another loopback name': withHeaders('Host: localhost:1', 'Content-Length: {n}'),
  'a Host in upper case': withHeaders('Host: LOCALHOST', 'Content-Length: {n}'),
  'an origin of its own': withHeaders('Host: {host}', 'Origin: http://{host}', 'Content-Length: {n}'),
  'a page of the same origin': withHeaders('Host: {host}', 'Sec-Fetch-Site: same-origin', 'Content-Length: {n}'),
  'very many headers': withHeaders(
    'Host: {host}',
    ...Array.from({ length: 500 }, (_, index) => `X-${index}: y`),
    'Content-Length: {n}',
  ),
  'an empty line in front': (append) => `\r\n${plain(append)}`,
  'an absolute target': (append) => plain(append).replace(' /', ` http://${append.host}/`),
  'an empty query': (append) => plain({ ...append, path: `${append.path}?` }),
  'a letter of the path percent-encoded': (append) => plain({ ...append, path: append.path.replace('/s', '/%73') }),
  'one chunk': inChunks((content) => [content]),
  'a chunk for each byte': inChunks((content) => [...content]),
};

function inChunks(cut: (content: string) => readonly string[]): Spelling {
  return (append) => {
    const chunks = cut(append.content).filter((chunk) => chunk !== '');
    const lines = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    const spell = withHeaders('Host: {host}', 'Transfer-Encoding: chunked');
    return spell({ ...append, content: `${lines.join('')}0\r\n\r\n` });
  };
}

const event = JSON.stringify(sampleEvent());
const eventWithId = JSON.stringify(sampleEvent({ id: 'a' }));

/** Appends with different answers; before each, the stream gets `stored`. */
const outcomes: Readonly<Record<string, { stored?: string; suffix?: string; content: string; status: number }>> = {
  'an append that is stored': { content: event, status: 200 },
  'an append at its version': { stored: event, suffix: '/2', content: event, status: 200 },
  'an append of several events': { content: `[${event},${event}]`, status: 200 },
  'an append that is repeated': { stored: eventWithId, content: eventWithId, status: 200 },
  'a version that is taken': { stored: event, suffix: '/1', content: event, status: 409 },
  'a known id with other content': {
    stored: eventWithId,
    content: eventWithId.replace('Deposited', 'Withdrawn'),
    status: 409,
  },
  'a version that is none': { suffix: '/01', content: event, status: 400 },
  'a path that is no route': { suffix: '/1/', content: event, status: 404 },
  'no body': { content: '', status: 400 },
  'a body that is no JSON': { content: event.slice(0, -1), status: 400 },
  'a body that is no UTF-8': { content: event.replace('Amount', '\xff'), status: 400 },
  'an event with an unknown field': { content: event.replace('{', '{"position":1,'), status: 400 },
  'data that is no base64': { content: event.replace('"data":"', '"data":"-'), status: 400 },
};

export function testSpellings(suite: HttpSuite): void {
  for (const [name, outcome] of Object.entries(outcomes)) {
    suite.it(`${name} is answered alike in every spelling`, async () => {
      const { stored, suffix = '', content, status } = outcome;
      const { host } = new URL(suite.baseUrl());
      const sent = await Promise.all(
        [plain, ...Object.values(spellings)].map(async (spell) => {
          const streamId = uniqueName('spelt');
          if (stored !== undefined) await suite.client.append(streamId, stored);
          return { streamId, bytes: spell({ host, path: streamPath(streamId) + suffix, content }) };
        }),
      );
      const conversations = sent.map(({ bytes }) => ({ pieces: [bytes], answers: 1, heads: [], closes: false }));
      const heard = await converse(suite, conversations);
      const answers = heard.map((each, index) =>
        each.answers.map((answer) => comparableAnswer(answer, sent[index]?.streamId ?? '')),
      );
      const [expected, ...others] = answers;
      assert.deepEqual(
        expected?.map((answer) => answer.status),
        [status],
      );
      const names = Object.keys(spellings);
      for (const [index, answer] of others.entries()) assert.deepEqual(answer, expected, `${names[index]}`);
    });
  }
}
