/**
 * The same requests in several forms, each to a server of its own: however they arrive, the answers
 * are the same, and so is what is stored. A parser that is only for the usual, or a border between
 * two packets, must not show.
 */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { comparableAnswer } from '../../packages/conformance/src/http/raw/comparable-answer.ts';
import { RawConnection } from '../../packages/conformance/src/http/raw/raw-connection.ts';
import type { HttpAnswer } from '../../packages/conformance/src/http/store-client.ts';
import type { Clock } from '../../packages/core/src/clock.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { checkAnswers } from './check-answers.ts';
import type { TargetServer } from './target-server.ts';

/** A way in which bytes reach a server. */
export interface Form {
  readonly name: string;
  /** Requests that go before, on the same connection; one answer each. */
  readonly lead: readonly string[];
  readonly cut: (bytes: string, random: SeededRandom) => readonly string[];
}

const body = '{"type":"T","data":""}';
/** The stream of the lead; no other request is about it. */
export const leadStream = 'lead';

const whole: Form['cut'] = (bytes) => [bytes];

export const forms: readonly Form[] = [
  { name: 'in one packet', lead: [], cut: whole },
  { name: 'cut anywhere', lead: [], cut: cutAnywhere },
  {
    name: 'behind a request that only the general way serves',
    lead: ['GET / HTTP/1.1\r\nhost:localhost\r\nX:\r\n\r\n'],
    cut: whole,
  },
  {
    name: 'behind an append, cut once',
    lead: [`POST /${leadStream} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`],
    cut: (bytes, random) => cutAt(bytes, [random.below(bytes.length + 1)]),
  },
];

function cutAnywhere(bytes: string, random: SeededRandom): readonly string[] {
  if (bytes.length < 300 && random.isTrue(0.02)) return [...bytes];
  return cutAt(
    bytes,
    Array.from({ length: 1 + random.below(3) }, () => random.below(bytes.length + 1)),
  );
}

function cutAt(bytes: string, places: readonly number[]): readonly string[] {
  const borders = [0, ...places.toSorted((a, b) => a - b), bytes.length];
  return borders.slice(1).map((end, index) => bytes.slice(borders[index], end));
}

export interface FormedServer {
  readonly server: TargetServer;
  readonly form: Form;
}

/** Longer than anything takes that ends at all. */
const msMax = 8_000;
/** How often each server is asked again before silence is taken for the answer. */
const roundsMin = 1;

/** Sends the bytes in each form, and insists on one outcome; gives the answers. */
export async function answerAlike(
  servers: readonly FormedServer[],
  { bytes, random, clock }: { bytes: string; random: SeededRandom; clock: Clock },
): Promise<readonly HttpAnswer[]> {
  const exchanges = await Promise.all(servers.map((each) => begin(each, bytes, random)));
  const deadlineMs = clock.monotonicMs() + msMax;
  const outcomes = () => exchanges.map(outcomeOf);
  const isOver = () => clock.monotonicMs() > deadlineMs;
  for (let round = 0; !isOver() && (round < roundsMin || !areAlike(outcomes())); round++) {
    await Promise.all(servers.map(({ server }) => server.seen()));
  }
  for (const { connection } of exchanges) connection.end();
  await untilClosed(exchanges, clock);
  const [first, ...others] = outcomes();
  for (const [index, other] of others.entries()) {
    assert.deepEqual(other, first, `${servers[index + 1]?.form.name}, other than ${servers[0]?.form.name}`);
  }
  const answers = exchanges.map(({ connection, lead }) => connection.heard().answers.slice(lead));
  for (const each of answers) checkAnswers(each);
  return answers[0] ?? [];
}

interface Exchange {
  readonly connection: RawConnection;
  /** Answers that are not to what is compared. */
  readonly lead: number;
}

async function begin({ server, form }: FormedServer, bytes: string, random: SeededRandom): Promise<Exchange> {
  const connection = await RawConnection.open(server.url);
  const [first = '', ...pieces] = form.cut(bytes, random);
  connection.send(form.lead.join('') + first);
  for (const piece of pieces) {
    await server.seen();
    connection.send(piece);
  }
  return { connection, lead: form.lead.length };
}

async function untilClosed(exchanges: readonly Exchange[], clock: Clock): Promise<void> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = clock.after(msMax, () => reject(new Error('a connection that its client has ended stays open')));
  const closed = exchanges.map(async ({ connection }) => {
    while (!connection.heard().closed) await connection.changed;
    connection.hangUp();
  });
  await Promise.race([Promise.all(closed), tooLate]);
  timer.cancel();
}

function areAlike(outcomes: readonly unknown[]): boolean {
  return outcomes.every((outcome) => isDeepStrictEqual(outcome, outcomes[0]));
}

/** What must be the same. What a read tells depends on the moment, so that it was answered is enough. */
function outcomeOf({ connection, lead }: Exchange) {
  const { answers, closed } = connection.heard();
  assert.ok(answers.length >= lead || !closed, 'what goes before is answered');
  const compared = answers.slice(lead).map((answer) => {
    const { status, headers, content } = comparableAnswer(answer, leadStream);
    const isRead = status === 200 && headers.location === undefined;
    return isRead ? { status, headers: { ...headers, etag: undefined } } : { status, headers, content };
  });
  return { compared, closed };
}
