import { EventStoreError } from './errors.ts';
import { limits } from './limits.ts';
import { fitsUtf8, hasControlCharacter } from './text.ts';

declare const brand: unique symbol;

/** The name of a stream: 1 to 512 bytes of UTF-8 without control characters, and not the service's own. */
export type StreamId = string & { readonly [brand]: 'StreamId' };

/**
 * The one parser of stream ids.
 *
 * @throws EventStoreError `invalid-stream-id` when it is empty, too long, `.`, `..`, not
 *   well-formed Unicode or holds control characters; `reserved-stream-id` for `-` and `-/…`.
 */
export function parseStreamId(text: string): StreamId {
  const wrong = whatIsWrong(text);
  if (wrong !== undefined) throw new EventStoreError('invalid-stream-id', `The stream id ${wrong}.`);
  if (text === '-' || text.startsWith('-/')) {
    throw new EventStoreError('reserved-stream-id', 'Stream ids "-" and "-/…" belong to the service; choose another.');
  }
  return text as StreamId;
}

function whatIsWrong(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (text === '.' || text === '..') return `is "${text}", which HTTP clients remove from a path`;
  if (!fitsUtf8(text, limits.streamIdBytesMax)) return `is longer than ${limits.streamIdBytesMax} bytes of UTF-8`;
  if (!text.isWellFormed()) return 'is not well-formed Unicode';
  if (hasControlCharacter(text)) return 'holds a control character';
  return undefined;
}
