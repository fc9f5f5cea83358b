import type { SeededRandom } from '../seeded-random.ts';
import { pickFrom } from './fuzzed-request.ts';

/** What parsers trip over, wherever it lands. */
const tokens = [
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  '\x00',
  ' ',
  '\t',
  ':',
  ',',
  '%',
  '/',
  '?',
  '#',
  '\xff',
  '\xc0\xaf',
  '0\r\n\r\n',
  '5\r\n',
  'chunked',
  'HTTP/1.1',
  'HTTP/1.0',
  'Content-Length: 5\r\n',
  'Content-Length: 99999999999\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: x\r\n',
  'Expect: 100-continue\r\n',
  'Connection: close\r\n',
  'Host: evil.example\r\n',
  'Origin: null\r\n',
  '{',
  '"',
  '\\u0000',
  '-1',
  '9'.repeat(30),
  'GET / HTTP/1.1\r\n',
];

type Mutation = (bytes: string, random: SeededRandom, donor: string) => string;

const mutations: readonly Mutation[] = [
  // A bit.
  (bytes, random) => replaceAt(bytes, random.below(bytes.length), (code) => code ^ (1 << random.below(8))),
  // A byte.
  (bytes, random) => replaceAt(bytes, random.below(bytes.length), () => random.below(256)),
  // A run that is lost.
  (bytes, random) => {
    const [start, end] = range(bytes, random);
    return bytes.slice(0, start) + bytes.slice(end);
  },
  // A run that is doubled.
  (bytes, random) => {
    const [start, end] = range(bytes, random);
    return bytes.slice(0, end) + bytes.slice(start);
  },
  // The end that is lost.
  (bytes, random) => bytes.slice(0, random.below(bytes.length)),
  // Something that parsers trip over, in between.
  (bytes, random) => {
    const place = random.below(bytes.length + 1);
    return bytes.slice(0, place) + pickFrom(random)(tokens) + bytes.slice(place);
  },
  // The same, in place of what was there.
  (bytes, random) => {
    const [start, end] = range(bytes, random);
    return bytes.slice(0, start) + pickFrom(random)(tokens) + bytes.slice(end);
  },
  // The rest of another request.
  (bytes, random, donor) => bytes.slice(0, random.below(bytes.length)) + donor.slice(random.below(donor.length)),
  // Two lines that have changed places.
  (bytes, random) => {
    const lines = bytes.split('\r\n');
    const [one, other] = [random.below(lines.length), random.below(lines.length)];
    [lines[one], lines[other]] = [lines[other] ?? '', lines[one] ?? ''];
    return lines.join('\r\n');
  },
];

/** Bytes with one to four things done to them; `donor` is what is spliced in. */
export function mutateBytes(bytes: string, { random, donor }: { random: SeededRandom; donor: string }): string {
  let mutated = bytes;
  for (let count = 1 + random.below(4); count > 0 && mutated !== ''; count--) {
    mutated = pickFrom(random)(mutations)(mutated, random, donor);
  }
  return mutated;
}

function replaceAt(bytes: string, place: number, change: (code: number) => number): string {
  return bytes.slice(0, place) + String.fromCharCode(change(bytes.charCodeAt(place))) + bytes.slice(place + 1);
}

function range(bytes: string, random: SeededRandom): [start: number, end: number] {
  const start = random.below(bytes.length);
  return [start, Math.min(bytes.length, start + 1 + random.below(random.isTrue(0.7) ? 8 : 200))];
}
