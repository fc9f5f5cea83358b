import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { Batch } from '@event-store/core';
import type { Backlog } from './backlog.ts';
import { ClientGone } from './refusals.ts';

/**
 * Answers with NDJSON: the bytes of each batch go to the socket as they are, and the next batch is
 * asked for once the socket has taken them. A read that fails before the first byte is an ordinary
 * problem; later it is thrown with the answer begun, which must then be cut off, never ended.
 */
export async function sendLines(
  response: ServerResponse,
  batches: AsyncIterable<Batch>,
  { headers, backlog }: { headers: readonly string[]; backlog: Backlog },
): Promise<void> {
  for await (const { lines } of batches) {
    if (!response.headersSent) begin(response, headers);
    if (response.req.method === 'HEAD') break;
    if (lines.length > 0) await write(response, lines, backlog);
    // A quick reader of what is in memory would otherwise keep everybody else waiting to the end.
    await setImmediate();
  }
  if (!response.headersSent) begin(response, headers);
  response.end();
}

function begin(response: ServerResponse, headers: readonly string[]): void {
  response.writeHead(200, ['Content-Type', 'application/x-ndjson', 'Cache-Control', 'no-store', ...headers]);
}

function write(response: ServerResponse, lines: Uint8Array, backlog: Backlog): Promise<void> {
  return new Promise((resolve, reject) => {
    backlog.expectProgress(response);
    response.write(lines, (error) => {
      backlog.progressMade(response);
      if (error || response.destroyed) reject(new ClientGone('The client went away within its answer'));
      else resolve();
    });
  });
}
