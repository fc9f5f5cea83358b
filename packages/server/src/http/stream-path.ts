/**
 * Stream ids and versions in paths. They are taken from the request target itself and decoded
 * exactly once, so that no router's idea of a path can change what a stream is called.
 */
import { EventStoreError, parseStreamId, type StreamId } from '@event-store/core';

/** The path of a request target in origin form. */
export function pathOf(target: string): string {
  const end = target.indexOf('?');
  return end < 0 ? target : target.slice(0, end);
}

/** The stream id of `/:streamId` and `/:streamId/:version`. */
export function streamIdIn(target: string): StreamId {
  const path = pathOf(target);
  const end = path.indexOf('/', 1);
  const segment = end < 0 ? path.slice(1) : path.slice(1, end);
  const text = decodeStrictly(segment);
  if (text === undefined) {
    throw new EventStoreError('invalid-stream-id', 'The stream id is not valid percent-encoded UTF-8.');
  }
  return parseStreamId(text);
}

/** The version of `/:streamId/:version`; `undefined` for `/:streamId`. */
export function versionIn(target: string): number | undefined {
  const path = pathOf(target);
  const start = path.indexOf('/', 1);
  if (start < 0) return undefined;
  const version = wholeNumber(decodeStrictly(path.slice(start + 1)) ?? '');
  if (version === undefined || version === 0) {
    throw new EventStoreError('invalid-version', 'A version is a whole number from 1, in decimal digits.');
  }
  return version;
}

/** Percent-decodes once; `undefined` where the encoding or the UTF-8 in it is not valid. */
export function decodeStrictly(encoded: string): string | undefined {
  if (!encoded.includes('%')) return encoded;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** The number that decimal digits say, without signs, spaces or leading zeros; at most 2^53 - 1. */
export function wholeNumber(text: string): number | undefined {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}
