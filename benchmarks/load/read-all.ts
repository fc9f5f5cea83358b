import { connect } from 'node:net';

export interface ReadAll {
  readonly bytes: number;
  readonly seconds: number;
  /** The last bytes that came, for a look at how it ended. */
  readonly tail: string;
}

const bufferBytes = 1024 * 1024;
const tailBytes = 1024;

/** Sends `request` and takes what comes until the end, looking at no more than the last bytes. */
export function readAll({ port, request }: { port: number; request: string }): Promise<ReadAll> {
  const { promise, resolve, reject } = Promise.withResolvers<ReadAll>();
  const startedMs = performance.now();
  let bytes = 0;
  let tail = Buffer.alloc(0);
  const callback = (count: number, buffer: Uint8Array) => {
    bytes += count;
    const last = Buffer.from(buffer.subarray(Math.max(0, count - tailBytes), count));
    tail = count < tailBytes ? Buffer.concat([tail, last]).subarray(-tailBytes) : last;
    return true;
  };
  const socket = connect({ port, host: '127.0.0.1', onread: { buffer: Buffer.allocUnsafe(bufferBytes), callback } });
  socket.on('error', reject);
  socket.on('close', () => resolve({ bytes, seconds: (performance.now() - startedMs) / 1_000, tail: tail.toString() }));
  socket.write(request);
  return promise;
}
