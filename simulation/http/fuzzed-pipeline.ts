/** One to six requests on one connection: by grammar, with the answers that are known, or mutated. */
import assert from 'node:assert/strict';
import type { HttpAnswer } from '../../packages/conformance/src/http/store-client.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { type FuzzedRequest, fuzzedRequest } from './fuzzed-request.ts';
import { mutateBytes } from './mutate-bytes.ts';

export interface FuzzedPipeline {
  readonly bytes: string;
  /** In their order; `undefined` where bytes were changed and nobody can tell. */
  readonly requests: readonly FuzzedRequest[] | undefined;
}

const host = 'localhost';
const mutatedProbability = 0.5;

export function fuzzedPipeline(random: SeededRandom): FuzzedPipeline {
  const isMutated = random.isTrue(mutatedProbability);
  const make = (place: number) => fuzzedRequest(random, { host, place, mayBeFaulty: !isMutated });
  const requests = Array.from({ length: 1 + random.below(6) }, (_, place) => make(place));
  const bytes = requests.map((request) => request.bytes).join('');
  if (!isMutated) return { bytes, requests };
  return { bytes: mutateBytes(bytes, { random, donor: make(requests.length).bytes }) || '\r', requests: undefined };
}

/** Each request has an answer that it may have, and none runs behind one that closes. */
export function checkExpected({ requests }: FuzzedPipeline, answers: readonly HttpAnswer[]): void {
  if (requests === undefined) return;
  const last = requests.findIndex(({ closes }) => closes);
  const expected = last < 0 ? requests : requests.slice(0, last + 1);
  const got = answers.map(({ status }) => status);
  assert.equal(got.length, expected.length, `${got.length} answers to ${expected.length} requests`);
  for (const [index, { statuses }] of expected.entries()) {
    assert.ok(statuses.includes(got[index] ?? 0), `answer ${index} is ${got[index]}, not ${statuses.join(' or ')}`);
  }
}
