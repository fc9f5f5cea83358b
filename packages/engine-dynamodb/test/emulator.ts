/** Emulators of DynamoDB as child processes, each on a free port of the loopback. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createDynamodbTable } from '@event-store/engine-dynamodb';
import { freePort } from './free-port.ts';

export interface Emulator {
  readonly endpoint: string;
  readonly processId: number;
  stop(): Promise<void>;
}

const require = createRequire(import.meta.url);

/** The SDK asks for credentials; emulators take any. */
Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'emulator', AWS_SECRET_ACCESS_KEY: 'emulator' });

/** The native emulator: starts in milliseconds. */
export async function startDynoxide(): Promise<Emulator> {
  const port = await freePort();
  const folder = dirname(require.resolve('@dynoxide/linux-x64/package.json'));
  const child = spawn(join(folder, 'dynoxide'), ['--port', String(port)], { stdio: 'ignore' });
  return started(child, port);
}

/** Why Amazon's own DynamoDB Local cannot run here; nothing when it can. */
export function dynamodbLocalMissing(): string | undefined {
  const { error, status } = spawnSync('java', ['-version'], { stdio: 'ignore' });
  return error === undefined && status === 0 ? undefined : 'java is not installed';
}

/** Amazon's own emulator: slower, and nearer to the original. */
export async function startDynamodbLocal(): Promise<Emulator> {
  const port = await freePort();
  const folder = join(dirname(require.resolve('amplify-dynamodb-simulator/package.json')), 'emulator');
  const library = `-Djava.library.path=${join(folder, 'DynamoDBLocal_lib')}`;
  const jar = join(folder, 'DynamoDBLocal.jar');
  const options = ['-inMemory', '-disableTelemetry', '-port', String(port)];
  return started(spawn('java', [library, '-jar', jar, ...options], { stdio: 'ignore', cwd: folder }), port);
}

/** Where a table is. */
export interface TableAddress {
  readonly table: string;
  readonly region: string;
  readonly endpoint: string;
}

/** A table of its own for each test. */
export async function createTable({ endpoint }: Emulator): Promise<TableAddress> {
  tables++;
  const address = { table: `table-${process.pid}-${tables}`, region: 'eu-central-1', endpoint };
  await createDynamodbTable(address);
  return address;
}

let tables = 0;

async function started(child: ChildProcess, port: number): Promise<Emulator> {
  const endpoint = `http://127.0.0.1:${port}`;
  const exited = once(child, 'exit');
  while (!(await answers(endpoint))) {
    if (child.exitCode !== null) throw new Error(`The emulator exited with ${child.exitCode}`);
  }
  return {
    endpoint,
    processId: child.pid as number,
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { method: 'POST', headers: { 'content-type': 'application/x-amz-json-1.0' }, body: '{}' });
    return true;
  } catch {
    return false;
  }
}
