/** A body without a length that grows past what a body may have. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { limits } from '@event-store/core';
import { openMemoryEngine } from '@event-store/engine-memory';
import { startServer } from '@event-store/server';
import { hold } from '../../violation.ts';

const chunk = Buffer.alloc(64 * 1024, ' ');

export async function run(): Promise<void> {
  const options = { host: '127.0.0.1', port: 0, productVersion: 'planted', logDestination: { write: () => undefined } };
  const server = await startServer(options, async () => openMemoryEngine());
  const socket = connect(server.port, '127.0.0.1').setEncoding('latin1');
  socket.on('error', () => undefined);
  try {
    const answered = once(socket, 'data');
    socket.write('POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (let bytes = 0; bytes <= limits.bodyBytesMax; bytes += chunk.length) {
      socket.write(`${chunk.length.toString(16)}\r\n`);
      socket.write(chunk);
      socket.write('\r\n');
    }
    const event = '{"type":"T","data":""}';
    socket.write(`${event.length.toString(16)}\r\n${event}\r\n0\r\n\r\n`);
    const [answer] = (await answered) as [string];
    const [line = ''] = answer.split('\r\n');
    hold('P-18', line.startsWith('HTTP/1.1 413'), `a body over the limit is answered with ${line}`);
  } finally {
    socket.destroy();
    await server.stop();
  }
}
