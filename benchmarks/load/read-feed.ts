import { type ReadAll, readAll } from './read-all.ts';

const request = [
  'GET /-/events HTTP/1.1',
  'Host: localhost',
  'Accept: application/x-ndjson',
  'Connection: close',
  '',
  '',
].join('\r\n');

/** The whole feed as lines; it has to come up to its last event. */
export async function readFeed({ port, lastPosition }: { port: number; lastPosition: number }): Promise<ReadAll> {
  const read = await readAll({ port, request });
  if (read.tail.includes(`"position":${lastPosition}`)) return read;
  throw new Error(`read ${read.bytes} bytes of the feed, ended by ${JSON.stringify(read.tail.slice(-80))}`);
}
