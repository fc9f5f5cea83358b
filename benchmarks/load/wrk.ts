import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findTool } from './find-tool.ts';
import { type LoadMeasurement, parseMeasurement } from './load-measurement.ts';
import { withFile } from './with-file.ts';

const script = fileURLToPath(new URL('./request.lua', import.meta.url));

export interface HttpLoad {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** In it `{stream}` becomes the number of the stream whose turn it is. */
  readonly target: string;
  readonly body?: string;
  readonly streams: number;
  readonly connections: number;
  readonly seconds: number;
}

/**
 * Requests over HTTP by wrk, because a load generator in C leaves the cores to the servers. It stops
 * the clock with requests under way, so a store may hold up to one more for each connection.
 */
export function wrk({ url, method, target, body = '', streams, connections, seconds }: HttpLoad) {
  return withFile(body, async (path): Promise<LoadMeasurement> => {
    const options = [
      '--threads',
      '1',
      '--timeout',
      '30s',
      '--connections',
      `${connections}`,
      '--duration',
      `${seconds}s`,
    ];
    const args = [...options, '--script', script, url, '--', method, target, `${streams}`, path];
    const { stdout } = await promisify(execFile)(findTool('wrk'), args);
    return parseMeasurement(stdout);
  });
}
