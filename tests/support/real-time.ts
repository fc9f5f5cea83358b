import { scheduler } from 'node:timers/promises';
import { type Clock, systemClock } from '@event-store/core';

/** The machine's own time, for what otherwise runs in virtual time. */
export const realTime: Clock & { wait(delayMs: number): Promise<void> } = {
  ...systemClock,
  wait: (delayMs) => scheduler.wait(delayMs),
};
