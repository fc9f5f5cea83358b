import { connect } from 'node:net';
import { streamName } from '../contenders/contender.ts';
import { appendBody, smallAppends } from './sample-event.ts';

const body = appendBody(smallAppends);

/**
 * Appends a second over HTTP by Node.js itself, for ratios where no load generator in C is
 * installed. Each connection waits for its answer; any answer but 200 is an error.
 */
export async function nodeAppends(load: { port: number; connections: number; appends: number }): Promise<number> {
  const { port, connections, appends } = load;
  const startedMs = performance.now();
  let sent = 0;
  const nextRequest = () => {
    if (sent === appends) return undefined;
    const stream = streamName((sent++ % smallAppends.streams) + 1);
    return `POST /${stream} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };
  await Promise.all(Array.from({ length: connections }, () => runConnection(port, nextRequest)));
  return appends / ((performance.now() - startedMs) / 1_000);
}

function runConnection(port: number, nextRequest: () => string | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
  let answer = '';
  const sendNext = () => {
    answer = '';
    const request = nextRequest();
    if (request !== undefined) socket.write(request);
    else {
      resolve();
      socket.destroy();
    }
  };
  socket.on('data', (chunk) => {
    answer += chunk;
    if (!answer.endsWith('}')) return;
    if (answer.startsWith('HTTP/1.1 200 ')) sendNext();
    else socket.destroy(new Error(`an append was answered ${answer}`));
  });
  socket.on('error', reject).on('close', () => reject(new Error('the connection was closed')));
  socket.on('connect', sendNext);
  return promise;
}
