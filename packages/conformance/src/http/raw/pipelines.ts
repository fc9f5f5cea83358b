/**
 * Several requests on one connection, in one packet and cut anywhere: how bytes arrive is no part of
 * HTTP, so the answers are the same, in their order, and nothing else is stored. Each request has a
 * stream of its own, so that it shows which of them were stored. Requests of one connection are served
 * one after another.
 */
import assert from 'node:assert/strict';
import type { HttpSuite } from '../http-suite.ts';
import { type HttpAnswer, streamPath } from '../store-client.ts';
import { uniqueName } from '../unique-name.ts';
import { comparableAnswer } from './comparable-answer.ts';
import { converse } from './converse.ts';
import { type Pipeline, pipelines } from './pipeline-cases.ts';
import { rawAppend, rawRequest } from './raw-case.ts';

export function testPipelines(suite: HttpSuite): void {
  suite.it('a read in the packet of an append sees what was appended', async () => {
    const target = { host: new URL(suite.baseUrl()).host, path: streamPath(uniqueName('pipe')), smuggled: '' };
    const read = (path: string) => rawRequest({ ...target, path }, { line: `GET ${path} HTTP/1.1` });
    const requests = [rawAppend(target, ['Content-Length: {n}']), read(target.path), read(`${target.path}/1`)];
    const pieces = [requests.join('')];
    const [heard] = await converse(suite, [{ pieces, answers: 3, heads: [], closes: false }]);
    assert.deepEqual(
      heard?.answers.map(({ status }) => status),
      [200, 200, 200],
    );
    const [, page, event] = heard?.answers.map(({ text }) => JSON.parse(text)) ?? [];
    assert.deepEqual(page.payload, [event]);
  });

  for (const pipeline of pipelines) {
    suite.it(`${pipeline.name}, in one packet and cut anywhere`, async () => {
      const { length } = bytesFor(suite, pipeline, uniqueName('pipe'));
      const cuts = Array.from({ length: length / suite.bytesBetweenCuts }, (_, index) =>
        cutAt(index * suite.bytesBetweenCuts),
      );
      const [expected, ...others] = await answersTo(suite, pipeline, cuts);
      assert.deepEqual(
        expected?.map(({ status }) => status),
        pipeline.statuses,
      );
      for (const [index, answers] of others.entries()) {
        assert.deepEqual(answers, expected, `cut at ${(index + 1) * suite.bytesBetweenCuts}`);
      }
    });

    suite.it(`${pipeline.name}, byte by byte`, async () => {
      const [expected, answers] = await answersTo(suite, pipeline, [cutAt(0), (bytes) => [...bytes]]);
      assert.deepEqual(answers, expected);
    });
  }
}

type Cut = (bytes: string) => readonly string[];

function cutAt(place: number): Cut {
  return (bytes) => (place === 0 ? [bytes] : [bytes.slice(0, place), bytes.slice(place)]);
}

/** So many connections at a time. */
const connectionsMax = 100;

/** Sends the pipeline once for each cut, to streams of its own. */
async function answersTo(suite: HttpSuite, pipeline: Pipeline, cuts: readonly Cut[]) {
  const { statuses, closes = false, heads = [] } = pipeline;
  const all: ReturnType<typeof comparableAnswer>[][] = [];
  for (let start = 0; start < cuts.length; start += connectionsMax) {
    const sent = cuts.slice(start, start + connectionsMax).map((cut) => ({ cut, name: uniqueName('pipe') }));
    const conversations = sent.map(({ cut, name }) => {
      return { pieces: cut(bytesFor(suite, pipeline, name)), answers: statuses.length, heads, closes };
    });
    const heard = await converse(suite, conversations);
    for (const [index, { answers, closed }] of heard.entries()) {
      const { name = '' } = sent[index] ?? {};
      assert.equal(closed, closes);
      // What hides from the answers shows here; one in a batch is enough where nothing hides.
      if (closes || index === 0) await checkStored(suite, { pipeline, name, answers });
      all.push(answers.map((answer) => comparableAnswer(answer, name)));
    }
  }
  return all;
}

async function checkStored(
  { client }: HttpSuite,
  { pipeline, name, answers }: { pipeline: Pipeline; name: string; answers: readonly HttpAnswer[] },
): Promise<void> {
  for (const index of pipeline.requests.keys()) {
    const expected = answers[index]?.headers.location === undefined ? 0 : 1;
    assert.equal(await client.streamVersion(`${name}-${index}`), expected, `request ${index}`);
  }
}

function bytesFor({ baseUrl }: HttpSuite, { requests }: Pipeline, name: string): string {
  const { host } = new URL(baseUrl());
  return requests
    .map((request, index) => request({ host, path: streamPath(`${name}-${index}`), smuggled: '' }))
    .join('');
}
