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
    const event = JSON.parse(Buffer.concat(chunks).toString());
    const streamId = decodeURIComponent((request.url ?? '/').slice(1));
    const version = (versions.get(streamId) ?? 0) + (event.type === undefined ? 0 : 1);
    versions.set(streamId, version);
    position += 1;
    const answer = JSON.stringify({ streamId, firstVersion: version, version, position });
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
