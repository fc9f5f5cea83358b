import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findTool, installedFolder, NotAvailable } from '../load/find-tool.ts';
import { pgbench } from '../load/pgbench.ts';
import { eventType, sampleData, smallAppends } from '../load/sample-event.ts';
import { type Appends, appendMeasurement, type Contender, type ReadsStreams, streamName } from './contender.ts';
import { startPostgres } from './postgres-cluster.ts';

const database = join(installedFolder, 'node_modules', '@eventide', 'message-db', 'database');
const answerBytesMax = 64 * 1024 * 1024;

/**
 * Message DB on PostgreSQL. All streams are of one category, as a thousand accounts are; it lets one
 * append after the other into a category.
 */
export const messageDb: Contender<Appends & ReadsStreams> = {
  name: 'Message DB',
  promise: 'PostgreSQL with fsync and synchronous_commit: the transaction is synced before the answer',
  async start(directory) {
    if (!existsSync(database)) throw new NotAvailable('Message DB is not installed; see npm run bench -- --setup');
    const { server, environment, isNew, version } = await startPostgres(directory);
    if (isNew) await promisify(execFile)(join(database, 'install.sh'), { env: environment });
    const session = { ...environment, PGDATABASE: 'message_store', PGOPTIONS: '-c search_path=message_store' };
    const query = async (statement: string) => {
      const args = ['--no-psqlrc', '--tuples-only', '--no-align', '--set', 'ON_ERROR_STOP=1', '--command', statement];
      const { stdout } = await promisify(execFile)(findTool('psql'), args, {
        env: session,
        maxBuffer: answerBytesMax,
      });
      return stdout.trim();
    };
    return {
      processId: server.processId,
      versions: { postgresql: version, 'message-db': packageVersion() },
      async append({ connections, seconds, eventsPerAppend, streams, dataBytes }) {
        const script = chooseStream(streams) + writeMessages(eventsPerAppend, dataBytes);
        const measured = await pgbench({ environment: session, script, connections, seconds });
        return appendMeasurement(measured, eventsPerAppend);
      },
      countEvents: async () => Number(await query('SELECT count(*) FROM messages')),
      async fillStreams({ streams, eventsPerStream }) {
        await query(insertMessages(streams, eventsPerStream));
        await query('VACUUM (ANALYZE) messages');
      },
      readStreams({ streams, eventsPerStream, connections, seconds }) {
        const read = `SELECT * FROM get_stream_messages(${chosenStream}, 0, ${eventsPerStream});\n`;
        return pgbench({ environment: session, script: chooseStream(streams) + read, connections, seconds });
      },
      dataOfStream: async (stream) => {
        const rows = await query(`SELECT data FROM get_stream_messages('${streamName(stream)}', 0, -1)`);
        return rows.split('\n');
      },
      stop: () => server.stop('SIGINT'),
    };
  },
};

const chosenStream = `'account-' || lpad(:stream::text, 8, '0')`;

function chooseStream(streams: number): string {
  return `\\set stream random(1, ${streams})\n`;
}

function writeMessages(count: number, dataBytes: number): string {
  const data = `'${sampleData(dataBytes)}'::jsonb`;
  const write = `write_message(gen_random_uuid()::varchar, ${chosenStream}, '${eventType}', ${data})`;
  return count === 1 ? `SELECT ${write};\n` : `SELECT count(${write}) FROM generate_series(1, ${count});\n`;
}

/** The rows that its function would write, without it, because it takes much longer. */
function insertMessages(streams: number, eventsPerStream: number): string {
  return `INSERT INTO messages (id, stream_name, position, type, data)
    SELECT gen_random_uuid(), 'account-' || lpad(stream::text, 8, '0'), version, '${eventType}',
      '${sampleData(smallAppends.dataBytes)}'::jsonb
    FROM generate_series(0, ${eventsPerStream - 1}) AS version, generate_series(1, ${streams}) AS stream
    ORDER BY version, stream`;
}

function packageVersion(): string {
  return readFileSync(join(database, 'VERSION.txt'), 'utf8').trim();
}
