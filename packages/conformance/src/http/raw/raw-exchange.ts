/**
 * One connection, byte by byte: sends what it is given and reads what comes, with a parser of its
 * own (RFC 9112), since an HTTP client would hide what these tests are about.
 */
import { connect } from 'node:net';
import type { HttpAnswer } from '../store-client.ts';

/** What came back on one connection. */
export interface RawOutcome {
  /** Final answers in their order; 1xx are left out. */
  readonly answers: readonly HttpAnswer[];
  /** Whether the server closed the connection, before anybody asked it to. */
  readonly closed: boolean;
}

export interface RawExchange {
  readonly baseUrl: string;
  /** What is sent at once, Latin-1. */
  readonly bytes: string;
  /** What is then sent one byte after the other, until the connection is closed. */
  readonly drip?: string;
  /** Sent after `answers` answers, to see whether the connection still works; its answer is left out. */
  readonly probe?: string;
  readonly answers?: number;
}

const deadlineMs = 8_000;
const dripMs = 40;

/** Runs one exchange until the server closes the connection or, with a probe, has answered that. */
export function rawExchange({
  baseUrl,
  bytes,
  drip = '',
  probe,
  answers: expected = 1,
}: RawExchange): Promise<RawOutcome> {
  const { hostname, port } = new URL(baseUrl);
  const { promise, resolve } = Promise.withResolvers<RawOutcome>();
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) });
  let received = '';
  let isProbed = false;
  let dripped = 0;
  const dripper = setInterval(() => socket.write(drip.charAt(dripped++), 'latin1'), dripMs);
  if (drip === '') clearInterval(dripper);
  const finish = (hasEnded: boolean): void => {
    clearInterval(dripper);
    clearTimeout(deadline);
    socket.destroy();
    const answers = parseAnswers(received, hasEnded);
    const isProbeAnswered = isProbed && answers.length > expected;
    resolve({ answers: isProbeAnswered ? answers.slice(0, -1) : answers, closed: hasEnded && !isProbeAnswered });
  };
  const deadline = setTimeout(() => finish(false), deadlineMs);
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    const count = parseAnswers(received, false).length;
    if (probe === undefined || count < expected) return;
    if (isProbed) return count > expected ? finish(true) : undefined;
    isProbed = true;
    socket.write(probe, 'latin1');
  });
  socket.on('end', () => finish(true));
  socket.on('error', () => finish(true));
  socket.on('close', () => finish(true));
  socket.write(bytes, 'latin1');
  return promise;
}

/** The complete answers in what was received; one that only the end of the connection ends counts once it has ended. */
function parseAnswers(received: string, hasEnded: boolean): HttpAnswer[] {
  const answers: HttpAnswer[] = [];
  let rest = received;
  while (rest.startsWith('HTTP/1.1 ')) {
    const headEnd = rest.indexOf('\r\n\r\n');
    if (headEnd < 0) break;
    const [statusLine = '', ...lines] = rest.slice(0, headEnd).split('\r\n');
    const status = Number(statusLine.split(' ')[1]);
    const headers = Object.fromEntries(lines.map(splitHeader));
    const content = takeContent(rest.slice(headEnd + 4), { status, headers, hasEnded });
    if (content === undefined) break;
    rest = content.rest;
    if (status >= 200) answers.push({ status, headers, text: Buffer.from(content.text, 'latin1').toString('utf8') });
  }
  return answers;
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

/** The content at the start of `rest`, by the rules of RFC 9112 section 6; nothing while it is not whole. */
function takeContent(
  rest: string,
  { status, headers, hasEnded }: { status: number; headers: Readonly<Record<string, string>>; hasEnded: boolean },
): { text: string; rest: string } | undefined {
  if (status < 200 || status === 204 || status === 304) return { text: '', rest };
  if (headers['transfer-encoding'] === 'chunked') return takeChunks(rest);
  const length = headers['content-length'];
  if (length === undefined) return hasEnded ? { text: rest, rest: '' } : undefined;
  return rest.length < Number(length)
    ? undefined
    : { text: rest.slice(0, Number(length)), rest: rest.slice(Number(length)) };
}

function takeChunks(chunked: string): { text: string; rest: string } | undefined {
  let text = '';
  let rest = chunked;
  for (;;) {
    const lineEnd = rest.indexOf('\r\n');
    const size = Number.parseInt(rest, 16);
    const end = lineEnd + 2 + size + 2;
    if (lineEnd < 0 || rest.length < end) return undefined;
    text += rest.slice(lineEnd + 2, lineEnd + 2 + size);
    rest = rest.slice(end);
    if (size === 0) return { text, rest };
  }
}
