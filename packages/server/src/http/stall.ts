import type { ServerResponse } from 'node:http';

/** How long a reader may take nothing before it is dropped; it goes on later from its cursor. */
const stallMsMax = 30_000;

/** From here on the connection is dropped when the client takes nothing for too long. */
export function expectProgress({ socket }: ServerResponse): void {
  socket?.setTimeout(stallMsMax);
}

/** The client has taken everything; what takes long from here on is ours. */
export function progressMade({ socket }: ServerResponse): void {
  socket?.setTimeout(0);
}
