/**
 * Many connections at once, each sent its bytes in pieces that the server reads one by one: between
 * two pieces a request on another connection is answered, so the server has seen the first.
 */
import { systemClock } from '@event-store/core';
import type { StoreClient } from '../store-client.ts';
import { type Heard, RawConnection } from './raw-connection.ts';

interface Conversation {
  /** Latin-1. */
  readonly pieces: readonly string[];
  /** How many answers are waited for. */
  readonly answers: number;
  /** Which of them answer a `HEAD`, from 0. */
  readonly heads: readonly number[];
  /** Whether the server is to close the connection by itself. */
  readonly closes: boolean;
}

const deadlineMs = 10_000;

/** What came back on each connection; answers that nobody waited for are there too. */
export async function converse(
  { client, baseUrl }: { client: StoreClient; baseUrl: () => string },
  conversations: readonly Conversation[],
): Promise<Heard[]> {
  const seen = (): Promise<unknown> => client.get('/-/health/live');
  const connections = await Promise.all(conversations.map(() => RawConnection.open(baseUrl())));
  const rounds = Math.max(...conversations.map(({ pieces }) => pieces.length));
  for (let round = 0; round < rounds; round++) {
    for (const [index, { pieces }] of conversations.entries()) {
      const piece = pieces[round];
      if (piece !== undefined) connections[index]?.send(piece);
    }
    if (round < rounds - 1) await seen();
  }
  const { promise: tooLate, resolve } = Promise.withResolvers<void>();
  const deadline = systemClock.after(deadlineMs, resolve);
  const all = connections.map((connection, index) => untilDone(connection, conversations[index] as Conversation));
  await Promise.race([Promise.all(all), tooLate]);
  deadline.cancel();
  // Whatever the server still has to say about these bytes, it has said before it answers this.
  await seen();
  return connections.map((connection, index) => {
    connection.hangUp();
    return connection.heard(conversations[index]?.heads);
  });
}

async function untilDone(connection: RawConnection, { answers: expected, heads, closes }: Conversation): Promise<void> {
  for (;;) {
    const { changed } = connection;
    const { answers, closed } = connection.heard(heads);
    if (closed || (!closes && answers.length >= expected)) return;
    await changed;
  }
}
