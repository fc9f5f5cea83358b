/** The exit code for each way to end; numbers as in BSD's sysexits.h. */
import { StartError, type StartErrorKind } from '@event-store/core';

const startErrors = {
  usage: [64, 'unknown flag or bad value'],
  'foreign-data': [
    65,
    'the data is of a newer format, or not ours, verify found damage, or repair was not told to go on',
  ],
  'no-store': [66, 'verify, repair: there is no store in the directory'],
  'cannot-listen': [69, 'the port is taken or cannot be bound'],
  'cannot-create': [73, 'the data directory cannot be created, or is a file'],
  'in-use': [75, 'another process owns the data directory'],
  'no-permission': [77, 'permission denied'],
  configuration: [78, 'the configuration contradicts itself or the machine'],
} as const satisfies Readonly<Record<StartErrorKind, readonly [code: number, meaning: string]>>;

const [internalError, internalErrorMeaning] = [70, 'an error of the program'];

/** Every exit code with its meaning, in order. */
export const exitCodeMeanings: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'stopped by SIGTERM or SIGINT'] as const,
  [internalError, internalErrorMeaning] as const,
  ...Object.values(startErrors),
].sort(([a], [b]) => a - b);

export function exitCodeOf(error: unknown): number {
  return error instanceof StartError ? startErrors[error.kind][0] : internalError;
}
