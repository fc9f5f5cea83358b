/** What those are told who waited for a write that failed. */
import { EventStoreError } from '@event-store/core';

/** What was to be written. */
type Subject = 'append' | 'consumer';

/** Whether a write was refused because the disk is full: nothing of it is stored, and later ones may be. */
export function isRefusedAsFull(error: unknown): boolean {
  return error instanceof EventStoreError && error.code === 'disk-full';
}

/** For what was on its way to the disk. */
export function outcomeUnknown(subject: Subject, cause: unknown): EventStoreError {
  const text = `The disk failed while the ${subject} was written; whether it was stored shows after a restart.`;
  return new EventStoreError('outcome-unknown', text, { cause });
}

/** For what waited behind that. */
export function notWritten(subject: Subject, cause: unknown): EventStoreError {
  const text = `The disk failed before the ${subject} was written; nothing was stored.`;
  return new EventStoreError('read-only', text, { cause });
}
