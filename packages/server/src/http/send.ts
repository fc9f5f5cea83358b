import { isAscii } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import { type Answer, jsonAnswer, messageHeaders } from './answer.ts';

/**
 * Writes a whole answer in one go. Header names and values stand flat in one array, which is the
 * form that Node.js writes without copying. `HEAD` gets the same head; Node.js leaves the body out.
 */
export function send(response: ServerResponse, answer: Answer): void {
  if (response.headersSent) return;
  response.writeHead(answer.status, messageHeaders(answer));
  const { body } = answer;
  if (isShortAscii(body))
    response.end(Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'), 'latin1');
  else response.end(body);
}

/** Up to here a copy costs less than what it saves. */
const shortBytesMax = 16 * 1024;

/** As text, such a body goes out in one piece with its head; as bytes it is a second one. */
function isShortAscii(body: string | Uint8Array): body is Uint8Array {
  return typeof body !== 'string' && body.length <= shortBytesMax && isAscii(body);
}

/** Answers 200 with text that is JSON already. */
export function sendJson(response: ServerResponse, body: string | Uint8Array, headers: readonly string[] = []): void {
  send(response, jsonAnswer(body, headers));
}

/** Answers that have nothing to tell but their head, such as 304. */
export function sendHead(response: ServerResponse, status: number, headers: readonly string[]): void {
  if (response.headersSent) return;
  response.writeHead(status, ['Cache-Control', 'no-store', ...headers]);
  response.end();
}
