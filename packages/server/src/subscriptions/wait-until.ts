import type { ServerResponse } from 'node:http';
import type { Clock } from '@event-store/core';
import { ClientGone } from '../http/refusals.ts';
import { type Rounds, Waiter } from './rounds.ts';

/**
 * Long polling: asks now, and again in each round, until the answer is yes, the time is up or the
 * server stops. A `HEAD` is asked once.
 *
 * @throws ClientGone; whatever `isThere` throws.
 */
export async function waitUntil(
  isThere: () => Promise<boolean>,
  {
    response,
    rounds,
    clock,
    waitSeconds,
  }: { response: ServerResponse; rounds: Rounds; clock: Clock; waitSeconds: number },
): Promise<void> {
  const waitMs = response.req.method === 'HEAD' ? 0 : waitSeconds * 1_000;
  const waiter = new Waiter();
  let isOver = waitMs === 0;
  const end = () => {
    isOver = true;
    rounds.leave(waiter);
  };
  const timer = clock.after(waitMs, end);
  response.once('close', end);
  try {
    for (let seen = rounds.number; !(await isThere()); seen = rounds.number) {
      if (isOver || rounds.isStopped) break;
      await rounds.next(seen, waiter);
    }
  } finally {
    timer.cancel();
    response.off('close', end);
  }
  if (response.destroyed) throw new ClientGone('The client went away while it waited');
}
