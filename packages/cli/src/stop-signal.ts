import { constants } from 'node:os';

const stopSignals = ['SIGTERM', 'SIGINT'] as const;

export type StopSignal = (typeof stopSignals)[number];

/** The part of a process that this file needs. */
export interface SignalSource {
  on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  exit(code: number): void;
}

/**
 * Fulfils at the first signal to stop; a second one ends the process at once. The second needs a
 * handler of its own, because the kernel ignores signals without one for the first process of a
 * container.
 */
export function stopSignal(source: SignalSource): Promise<StopSignal> {
  const { promise, resolve } = Promise.withResolvers<StopSignal>();
  let isStopping = false;
  for (const each of stopSignals) {
    source.on(each, (signal) => {
      if (isStopping) source.exit(128 + constants.signals[signal]);
      isStopping = true;
      resolve(signal);
    });
  }
  return promise;
}
