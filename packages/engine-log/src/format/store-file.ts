/**
 * `store.json`, which makes a directory a store: written once, never changed.
 *
 *     {"format":2,"storeId":"0193…","created":"2026-11-23T11:40:00.123Z"}
 */
import { StartError } from '@event-store/core';

/** The version of the log's format in new stores. Every release opens every earlier one, and leaves it so. */
export const formatVersion = 2;

export const storeFileName = 'store.json';

/** What to do where a store has lost it. */
export const storeFileAdvice =
  'restore it from a copy, or write it anew with the format and the store id that each segment in log/ begins with (see the guide to damage)';

/** What every segment of a store has in common. */
export interface StoreIdentity {
  readonly format: number;
  readonly storeId: string;
}

export interface StoreFile extends StoreIdentity {
  readonly created: string;
}

export function encodeStoreFile({ format, storeId, created }: StoreFile): Buffer {
  return Buffer.from(`${JSON.stringify({ format, storeId, created })}\n`, 'utf8');
}

/** @throws StartError `foreign-data` when it is not a store's, or of a format from the future. */
export function decodeStoreFile(content: Buffer): StoreFile {
  const { format, storeId, created } = parseObject(content);
  if (!isFormat(format) || typeof storeId !== 'string' || typeof created !== 'string') {
    throw new StartError(
      'foreign-data',
      `${storeFileName} is not an event store's; choose another directory with --data`,
    );
  }
  if (format > formatVersion) {
    throw new StartError(
      'foreign-data',
      `the data is of format ${format}, this release knows formats up to ${formatVersion}; start a newer release`,
    );
  }
  return { format, storeId, created };
}

function isFormat(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function parseObject(content: Buffer): Record<string, unknown> {
  try {
    return { ...(JSON.parse(content.toString('utf8')) as object) };
  } catch {
    return {};
  }
}
