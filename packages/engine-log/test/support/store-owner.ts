/**
 * A process that owns a store, for tests that kill it: `node store-owner.ts DIRECTORY CLIENTS`.
 * Prints `open`, then one JSON line for each append that was acknowledged, until it is killed;
 * without clients it only holds the directory.
 */
import { openLogEngine } from '@event-store/engine-log';
import { sampleAppend } from '../../../../simulation/engine-log/sample-appends.ts';

const [directory = '', clients = '0'] = process.argv.slice(2);
const engine = await openLogEngine({ directory, segmentBytes: 30_000 });
process.stdout.write('open\n');

async function appendForEver(client: number): Promise<void> {
  for (let i = 0; ; i++) {
    const name = `${process.pid}-${client}-${i}`;
    const append = { streamId: `stream-${client % 3}`, name, events: 1 + (i % 4), hasIds: i % 2 === 0 };
    const result = await engine.append(sampleAppend(append));
    const position = 'streams' in result ? result.streams[0]?.position : undefined;
    process.stdout.write(`${JSON.stringify({ name, events: append.events, position })}\n`);
  }
}

for (let client = 0; client < Number(clients); client++) void appendForEver(client);
process.stdin.resume();
