import { connect } from 'node:net';

export interface ReadAll {
  readonly bytes: number;
  /** Line feeds, where they were to be counted. */
  readonly lines: number;
  readonly seconds: number;
  /** The last bytes that came, for a look at how it ended. */
  readonly tail: string;
}

/** What stays in the cache of a core: with 1 MiB the reader, not what it reads from, is the bottleneck. */
const bufferBytes = 256 * 1024;
const tailBytes = 1024;
const lineFeed = 0x0a;

/** Sends `request` and takes what comes until the end, looking at no more than the last bytes if not told to. */
export function readAll(options: { port: number; request: string; countsLines?: boolean }): Promise<ReadAll> {
  const { port, request, countsLines = false } = options;
  const { promise, resolve, reject } = Promise.withResolvers<ReadAll>();
  const startedMs = performance.now();
  let bytes = 0;
  let lines = 0;
  let tail = Buffer.alloc(0);
  const callback = (count: number, buffer: Uint8Array) => {
    bytes += count;
    if (countsLines) lines += countLineFeeds(buffer.subarray(0, count));
    const last = Buffer.from(buffer.subarray(Math.max(0, count - tailBytes), count));
    tail = count < tailBytes ? Buffer.concat([tail, last]).subarray(-tailBytes) : last;
    return true;
  };
  const socket = connect({ port, host: '127.0.0.1', onread: { buffer: Buffer.allocUnsafe(bufferBytes), callback } });
  socket.on('error', reject);
  socket.on('close', () =>
    resolve({ bytes, lines, seconds: (performance.now() - startedMs) / 1_000, tail: tail.toString() }),
  );
  socket.write(request);
  return promise;
}

function countLineFeeds(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) count++;
  return count;
}
