/** Requests and answers as bytes, one after the other over one connection. */
import { once } from 'node:events';
import type { Socket } from 'node:net';

/** One answer, head and body; rejects when the connection ends before it is whole. */
export async function answerOn(socket: Socket): Promise<string> {
  let received = Buffer.alloc(0);
  for (;;) {
    const [chunk] = await once(socket, 'data', { signal: AbortSignal.timeout(20_000) });
    received = Buffer.concat([received, chunk]);
    const bodyStart = received.indexOf('\r\n\r\n') + 4;
    const length = Number(/^Content-Length: (\d+)/im.exec(`${received}`)?.[1]);
    if (bodyStart > 3 && received.length >= bodyStart + length) return `${received}`;
  }
}

/** Sends a request and gives its answer. */
export async function ask(socket: Socket, request: string): Promise<string> {
  const answer = answerOn(socket);
  socket.write(request);
  return await answer;
}
