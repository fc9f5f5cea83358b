import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../packages/engine-dynamodb/test/free-port.ts';
import { closedLoop } from '../load/closed-loop.ts';
import { findTool, NotAvailable } from '../load/find-tool.ts';
import { sampleData } from '../load/sample-event.ts';
import { type Appends, appendMeasurement, type Contender } from './contender.ts';
import { startServer } from './server-process.ts';

const created = { name: 'events', subjects: ['account.*'], storage: 'file' };

/** NATS JetStream as it comes. */
export const natsJetStream = jetStream({
  name: 'NATS JetStream',
  promise: 'less than the others: it answers before the sync, which comes every two minutes',
  storage: '',
});

/** NATS JetStream told to sync each message; older versions cannot. */
export const natsJetStreamSynced = jetStream({
  name: 'NATS JetStream, synced',
  promise: 'sync_interval always: the message is written and synced before the answer',
  storage: ', sync_interval: always',
});

function jetStream({ name, promise, storage }: { name: string; promise: string; storage: string }): Contender<Appends> {
  return {
    name,
    promise,
    async start(directory) {
      const port = await freePort();
      const settings = join(directory, 'nats.conf');
      const jetstream = `jetstream { store_dir: ${JSON.stringify(directory)}${storage} }`;
      writeFileSync(settings, `host: 127.0.0.1\nport: ${port}\nmax_payload: 8MB\n${jetstream}\n`);
      const file = findTool('nats-server');
      if (spawnSync(file, ['-t', '-c', settings]).status !== 0)
        throw new NotAvailable('this version knows no such setting');
      const server = await startServer({ file, args: ['-c', settings], port });
      await ask(port, { subject: '$JS.API.STREAM.CREATE.events', body: JSON.stringify(created) });
      return {
        processId: server.processId,
        versions: { nats: execFileSync(file, ['--version'], { encoding: 'utf8' }).trim().split(' v')[1] ?? 'unknown' },
        async append({ dataBytes, connections, seconds, streams }) {
          const data = sampleData(dataBytes);
          const request = `PUB account.{stream} inbox.{socket} ${data.length}\r\n${data}\r\n`;
          return appendMeasurement(
            await closedLoop({ protocol: 'nats', port, request, connections, seconds, streams }),
            1,
          );
        },
        async countEvents() {
          const answer = await ask(port, { subject: '$JS.API.STREAM.INFO.events', body: '' });
          return JSON.parse(answer).state.messages;
        },
        stop: () => server.stop(),
      };
    },
  };
}

/** One request to the server, answered by one message. */
async function ask(port: number, { subject, body }: { subject: string; body: string }): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.write(`CONNECT {"verbose":false}\r\nSUB answer 1\r\nPUB ${subject} answer ${body.length}\r\n${body}\r\n`);
  let text = '';
  for (;;) {
    const [chunk] = await once(socket, 'data');
    text += chunk;
    const answer = /\r\nMSG answer 1 \d+\r\n(\{.*\})\r\n$/s.exec(text)?.[1];
    if (answer === undefined) continue;
    socket.destroy();
    if ('error' in JSON.parse(answer)) throw new Error(`JetStream answered ${answer}`);
    return answer;
  }
}
