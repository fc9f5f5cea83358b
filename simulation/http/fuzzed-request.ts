/**
 * Requests by grammar: a valid one, some harmless oddities, and now and then a fault, with what the
 * contract says must come of it. Bytes are characters here (Latin-1).
 */
import type { SeededRandom } from '../seeded-random.ts';
import { codingFaults, type Fault, hostFaults, lineFaults, otherFaults } from './request-faults.ts';
import type { RequestParts } from './request-parts.ts';

export interface FuzzedRequest {
  readonly bytes: string;
  /** What may be answered. */
  readonly statuses: readonly number[];
  /** Whether the server serves nothing more on this connection. */
  readonly closes: boolean;
}

export type Pick = <Value>(values: readonly Value[]) => Value;

export function pickFrom(random: SeededRandom): Pick {
  return (values) => values[random.below(values.length)] as (typeof values)[number];
}

/** Streams of requests at one place of a pipeline, so that those on one connection do not race. */
const places = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot', 'golf'];
const streamsEach = 6;
const faultProbability = 0.3;

/** One request for the place in a pipeline where it will be sent. */
export function fuzzedRequest(
  random: SeededRandom,
  { host, place, mayBeFaulty }: { host: string; place: number; mayBeFaulty: boolean },
): FuzzedRequest {
  const pick = pickFrom(random);
  const stream = `${places[place % places.length]}-${random.below(streamsEach)}`;
  const parts: RequestParts = { ...pick(kinds)({ random, pick, stream, place }), stream };
  parts.headers.unshift(`Host: ${host}`);
  for (const oddity of oddities) if (random.isTrue(0.12)) oddity(parts, { random, pick, host });
  if (mayBeFaulty && random.isTrue(faultProbability)) applyFault(pick(faultTables), parts, pick);
  return { bytes: print(parts, random), statuses: parts.statuses, closes: parts.closes };
}

const faultTables: readonly (readonly Fault[])[] = [codingFaults, hostFaults, lineFaults, otherFaults, otherFaults];

function applyFault(faults: readonly Fault[], parts: RequestParts, pick: Pick): void {
  const fault = pick(faults);
  fault.apply(parts);
  parts.statuses = fault.closes ? fault.statuses : [...fault.statuses, ...parts.statuses.filter((each) => each >= 400)];
  parts.closes ||= fault.closes;
}

interface Making {
  readonly random: SeededRandom;
  readonly pick: Pick;
  readonly stream: string;
  readonly place: number;
}
type Kind = (making: Making) => Omit<RequestParts, 'stream'>;

const base = { version: 'HTTP/1.1', framing: 'length', closes: false } as const;

function get(target: string, statuses: readonly number[] = [200]): Omit<RequestParts, 'stream'> {
  return { ...base, method: 'GET', target, headers: [], body: undefined, statuses };
}

const append: Kind = ({ random, pick, stream }) => ({
  ...base,
  method: 'POST',
  target: `/${stream}`,
  headers: [],
  body: bodyOf(random, pick),
  statuses: [200, 409],
});

const appendAt: Kind = (making) => {
  const parts = append(making);
  return { ...parts, target: `${parts.target}/${1 + making.random.below(6)}` };
};

const read: Kind = ({ pick, stream }) =>
  get(`/${stream}${pick(['', '?limit=2', '?offset=2', '?direction=backward', '?offset=9&limit=1', '?'])}`);

/** What other requests of the same connection change is read before them alone. */
const readAll: Kind = ({ pick, stream, place }) =>
  place > 0
    ? get('/-/limits')
    : get(pick(['/-/events', '/-/events?limit=3', '/-/streams', `/-/events?type=T&streamPrefix=${stream}`]));

const kinds: readonly Kind[] = [
  append,
  append,
  append,
  append,
  appendAt,
  appendAt,
  read,
  read,
  readAll,
  ({ stream, random }) => get(`/${stream}/${1 + random.below(4)}`, [200, 404]),
  ({ pick }) => get(pick(['/', '/-/health/live', '/-/health/ready', '/-/limits'])),
];

/** Bodies of one or more events; ids come from a small set, so that retries and reuse occur. */
function bodyOf(random: SeededRandom, pick: Pick): string {
  const hasIds = random.isTrue(0.3);
  const event = (index: number): string => {
    const members = [`"type":"${pick(['T', 'Opened', '\xc3\xa9', '\\u0041', 'a b', '\\"'])}"`];
    members.push(`"data":"${pick(['', 'QQ==', 'eyJhIjoxfQ==', 'QR==', 'A'.repeat(400)])}"`);
    if (hasIds) members.push(`"id":"${pick(['a', 'b', 'c'])}:${index}"`);
    if (random.isTrue(0.2)) members.push(`"metadata":${pick(['{}', '{"a":[1,{"b":null}]}', '{"n":1.5e3}'])}`);
    if (random.isTrue(0.3)) members.reverse();
    return `{${members.join(pick([',', ' ,\n', ',\t']))}}`;
  };
  const count = random.isTrue(0.7) ? 1 : 1 + random.below(4);
  if (count === 1 && random.isTrue(0.8)) return event(0);
  return `${pick(['', ' '])}[${Array.from({ length: count }, (_, index) => event(index)).join(',')}]${pick(['', '\r\n'])}`;
}

type Oddity = (parts: RequestParts, use: { random: SeededRandom; pick: Pick; host: string }) => void;

/** What changes nothing, however it looks. */
const oddities: readonly Oddity[] = [
  (parts, { pick }) => {
    parts.headers = parts.headers.map((header) => pick([header, header.toLowerCase(), upperName(header)]));
  },
  (parts, { pick }) => {
    parts.headers = parts.headers.map((header) => header.replace(/: */, pick([':', ': ', ':\t ', ':    '])));
  },
  (parts, { random }) => {
    parts.headers.splice(
      random.below(2),
      0,
      ...Array.from({ length: random.below(60) }, (_, index) => `X-${index}: y`),
    );
  },
  (parts, { pick }) => {
    parts.headers.push(
      pick(['User-Agent: curl/8', 'Cookie: a=b; c="d"', '__proto__: x', 'X:', 'Accept: */*', 'X: \xe9']),
    );
  },
  (parts, { pick }) => {
    parts.headers.push(pick(['Content-Type: application/json', 'Content-Type: text/plain', 'Content-Type: x']));
  },
  (parts) => void parts.headers.reverse(),
  (parts, { host }) => {
    parts.target = `http://${host}${parts.target}`;
  },
  (parts) => {
    parts.target = parts.target.replace(/-(\d)/, '%2D$1');
  },
  (parts) => {
    if (parts.body !== undefined) parts.framing = 'chunked';
  },
  (parts) => {
    parts.headers.push('Connection: keep-alive');
  },
  (parts, { random }) => {
    if (random.isTrue(0.5)) return;
    parts.headers.push('Connection: close');
    parts.closes = true;
  },
];

function upperName(header: string): string {
  const colon = header.indexOf(':');
  return header.slice(0, colon).toUpperCase() + header.slice(colon);
}

function print(parts: RequestParts, random: SeededRandom): string {
  const { method, target, version, headers, body, framing } = parts;
  const lines = [`${method} ${target} ${version}`, ...headers];
  if (body === undefined || framing === 'none') return [...lines, '', body ?? ''].join('\r\n');
  if (framing === 'length') return [...lines, `Content-Length: ${body.length}`, '', body].join('\r\n');
  return [...lines, 'Transfer-Encoding: chunked', '', inChunks(body, random)].join('\r\n');
}

function inChunks(body: string, random: SeededRandom): string {
  let rest = body;
  let chunks = '';
  while (rest !== '') {
    const size = 1 + random.below(Math.min(rest.length, 40));
    const extension = random.isTrue(0.1) ? ';a="b;c"' : '';
    chunks += `${random.isTrue(0.1) ? '00' : ''}${size.toString(16)}${extension}\r\n${rest.slice(0, size)}\r\n`;
    rest = rest.slice(size);
  }
  return `${chunks}0\r\n${random.isTrue(0.1) ? 'X: y\r\n' : ''}\r\n`;
}
