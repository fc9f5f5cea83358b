import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findTool } from './find-tool.ts';
import { type LoadMeasurement, parseMeasurement } from './load-measurement.ts';
import { withFile } from './with-file.ts';

export interface ClosedLoop {
  readonly protocol: 'http' | 'redis' | 'nats';
  readonly port: number;
  /** In it `{stream}` becomes the number of the stream whose turn it is, `{socket}` that of the connection. */
  readonly request: string;
  /** How many replies answer it. */
  readonly replies?: number;
  readonly streams: number;
  readonly connections: number;
  /** When it ends; by the first of both. */
  readonly seconds?: number;
  readonly requests?: number;
}

/** Our own load generator, for protocols and exact counts that no ready one fits. */
export function closedLoop(load: ClosedLoop): Promise<LoadMeasurement> {
  const { protocol, port, request, replies = 1, streams, connections, seconds = 0, requests = 0 } = load;
  return withFile(request, async (path) => {
    const numbers = [port, connections, seconds, requests, streams, replies].map(String);
    const { stdout } = await promisify(execFile)(findTool('closed-loop'), [protocol, ...numbers, path]);
    return parseMeasurement(stdout);
  });
}
