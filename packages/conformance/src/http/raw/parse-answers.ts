/**
 * The answers in the bytes of a connection, by a parser of its own (RFC 9112), since an HTTP client
 * would hide what the raw cases are about. Bytes are characters here (Latin-1).
 */
import type { HttpAnswer } from '../store-client.ts';

/**
 * Complete final answers; one that only the end of the connection ends counts once it has ended.
 * Answers to `HEAD` have no content, whatever their head says; `heads` has their places, from 0.
 */
export function parseAnswers(
  received: string,
  { hasEnded, heads = [] }: { hasEnded: boolean; heads?: readonly number[] },
): HttpAnswer[] {
  const answers: HttpAnswer[] = [];
  let rest = received;
  while (rest.startsWith('HTTP/1.1 ')) {
    const headEnd = rest.indexOf('\r\n\r\n');
    if (headEnd < 0) break;
    const [statusLine = '', ...lines] = rest.slice(0, headEnd).split('\r\n');
    const status = Number(statusLine.split(' ')[1]);
    const headers = Object.fromEntries(lines.map(splitHeader));
    const behind = rest.slice(headEnd + 4);
    const isHead = status >= 200 && heads.includes(answers.length);
    const content = isHead ? { text: '', rest: behind } : takeContent(behind, { status, headers, hasEnded });
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
