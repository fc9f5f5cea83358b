import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePort } from '../../packages/engine-dynamodb/test/free-port.ts';
import { findTool } from '../load/find-tool.ts';
import { type ServerProcess, startServer } from './server-process.ts';

export interface PostgresCluster {
  readonly server: ServerProcess;
  /** What its programs have to be told to find it. */
  readonly environment: NodeJS.ProcessEnv;
  readonly isNew: boolean;
  readonly version: string;
}

/** Durable, as it is by default, and with more memory and fewer checkpoints than by default. */
const settings = {
  fsync: 'on',
  synchronous_commit: 'on',
  max_connections: '300',
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  autovacuum: 'on',
};

/** A cluster of our own in `directory`. PostgreSQL refuses to be root, so root lets another user run it. */
export async function startPostgres(directory: string): Promise<PostgresCluster> {
  const data = join(directory, 'cluster');
  const owner = ownerOf(directory);
  const isNew = !existsSync(data);
  if (isNew) {
    mkdirSync(data, { mode: 0o700 });
    if (owner !== undefined) chownSync(data, owner.uid, owner.gid);
    const args = ['--pgdata', data, '--auth', 'trust', '--username', 'postgres', '--encoding', 'UTF8', '--locale', 'C'];
    execFileSync(findTool('initdb'), args, { ...owner, cwd: '/', stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const port = await freePort();
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const where = ['-c', `port=${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  const server = await startServer({
    file: findTool('postgres'),
    args: ['-D', data, ...where, ...options],
    port,
    cwd: '/',
    ...owner,
  });
  const address = { PGHOST: '127.0.0.1', PGPORT: `${port}`, PGUSER: 'postgres' };
  const path = `${dirname(findTool('psql'))}:${process.env.PATH}`;
  const version = execFileSync(findTool('postgres'), ['--version'], { encoding: 'utf8' }).trim().split(' ')[2];
  const environment = { ...process.env, ...address, PATH: path };
  return { server, environment, isNew, version: version ?? 'unknown' };
}

/** Whoever runs it has to get to its files, through folders that are our own. */
function ownerOf(directory: string): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (let folder = directory; folder.includes('event-store-bench-'); folder = dirname(folder))
    chmodSync(folder, 0o711);
  const [uid = 0, gid = 0] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'])));
  return { uid, gid };
}
