/** A subscriber that stops reading while megabytes are appended, and then reads on. */
import { connect } from 'node:net';
import { parseStreamId, systemClock } from '@event-store/core';
import { openMemoryEngine } from '@event-store/engine-memory';
import { startServer } from '@event-store/server';
import { hold } from '../../violation.ts';

const events = 120;
/** Nobody needs so long for so little. */
const lateMs = 10_000;
const data = Buffer.alloc(96 * 1024, 'x').toString('base64');

export async function run(): Promise<void> {
  const engine = openMemoryEngine();
  const options = { host: '127.0.0.1', port: 0, productVersion: 'planted', logDestination: { write: () => undefined } };
  const server = await startServer(options, async () => engine);
  const socket = connect(server.port, '127.0.0.1');
  const cursors: number[] = [];
  const { promise: atEnd, resolve } = Promise.withResolvers<void>();
  let rest = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    const messages = (rest + chunk).split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const cursor = Number(/^id: (\d+)$/m.exec(message)?.[1]);
      if (/^data: \{"streamId"/m.test(message)) cursors.push(cursor);
      if (/^event: caught-up$/m.test(message) && cursor === events) resolve();
    }
  });
  try {
    socket.write('GET /-/events HTTP/1.0\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n');
    socket.pause();
    for (let i = 0; i < events; i++) {
      const event = { type: 'Noted', data, id: undefined, metadata: undefined };
      await engine.append({ streams: [{ streamId: parseStreamId('a'), expectedVersion: undefined, events: [event] }] });
      await new Promise(setImmediate);
    }
    socket.resume();
    const late = systemClock.after(lateMs, resolve);
    await atEnd;
    late.cancel();
  } finally {
    socket.destroy();
    await server.stop();
  }
  const gap = cursors.findIndex((cursor, index) => cursor !== index + 1);
  hold(
    'I11',
    gap < 0 && cursors.length === events,
    `of ${events} events ${cursors.length} came; the first gap is at ${gap}`,
  );
}
