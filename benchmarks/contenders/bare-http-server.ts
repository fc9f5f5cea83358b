/**
 * A program: `node:http` that parses an append and answers it as the store would, with the same
 * members and headers, without storing anything. Prints its port, and lives as long as its input.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const versions = new Map<string, number>();
let position = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const parsed = JSON.parse(Buffer.concat(chunks).toString());
    const events: readonly { readonly type?: string }[] = Array.isArray(parsed) ? parsed : [parsed];
    const count = events.filter(({ type }) => type !== undefined).length;
    const streamId = decodeURIComponent((request.url ?? '/').slice(1));
    const firstVersion = (versions.get(streamId) ?? 0) + 1;
    const version = firstVersion + count - 1;
    versions.set(streamId, version);
    position += count;
    const answer = JSON.stringify({ streamId, firstVersion, version, position });
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(answer),
      ETag: `W/"${version}"`,
      Location: `${request.url}/${version}`,
      'Cache-Control': 'no-store',
    });
    response.end(answer);
  });
});

server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.stdin.resume().on('end', () => process.exit());
