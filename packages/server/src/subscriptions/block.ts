/**
 * What subscribers are sent, in the event stream format of the HTML standard; encoded once for all
 * who stand at the same cursor.
 *
 *     id: 1042                        the cursor behind this event
 *     data: {"streamId":…}            its line, which holds no line break
 *                                     an empty line ends each message
 *     event: caught-up                the end was reached
 *     id: 1042
 *     data: {"position":1042}
 */
import { type Batch, lineCursor } from '@event-store/core';

/** What a subscription goes along: the versions of a stream, or the positions of the feed. */
export type Place = 'version' | 'position';

/** What follows a cursor. */
export interface Block {
  /** How many events. */
  readonly count: number;
  /** The cursor behind them. */
  readonly through: number;
  /** The events; without an end, also a cursor that went on behind the last of them. */
  readonly messages: Buffer;
  /** The same, and that this is the end; only there if it is. */
  readonly messagesWithEnd: Buffer | undefined;
}

/** Large enough to cost little for each event, small enough that one for each connection is nothing. */
const blockBytesMax = 128 * 1024;

/** So many events fill a block, as a rule. */
export const blockEventsMax = 256;

/** More than stands around a line, and more than a message without one takes. */
const surroundingBytes = 96;

const lineFeed = 0x0a;

/**
 * As many of a batch's lines as a block holds, and at least one, behind a cursor. `end` is the last
 * version or position there is, if the batch reaches it.
 */
export function encodeBlock(
  { lines, count: lineCount, through }: Batch,
  { place, cursor, end }: { place: Place; cursor: number; end: number | undefined },
): Block {
  const source = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
  const bytesMax = Math.max(blockBytesMax, source.indexOf(lineFeed) + 2 * surroundingBytes);
  const target = Buffer.allocUnsafe(Math.min(bytesMax, source.length + (lineCount + 1) * surroundingBytes));
  const room = target.length - 2 * surroundingBytes;
  let [at, start, count, last] = [0, 0, 0, cursor];
  while (start < source.length) {
    const line = source.subarray(start, source.indexOf(lineFeed, start));
    if (count > 0 && at + line.length > room) break;
    last = lineCursor(line, place);
    at += target.write(`id: ${last}\ndata: `, at, 'latin1');
    at += line.copy(target, at);
    at += target.write('\n\n', at, 'latin1');
    start += line.length + 1;
    count++;
  }
  if (start < source.length)
    return { count, through: last, messages: target.subarray(0, at), messagesWithEnd: undefined };
  const messagesEnd = at;
  if (end !== undefined) at += target.write(caughtUp({ place, cursor: through, end }), at, 'latin1');
  else if (through > last) at += target.write(cursorOnly({ place, cursor: through }), at, 'latin1');
  return {
    count,
    through,
    messages: target.subarray(0, end === undefined ? at : messagesEnd),
    messagesWithEnd: end === undefined ? undefined : target.subarray(0, at),
  };
}

function caughtUp({ place, cursor, end }: { place: Place; cursor: number; end: number }): string {
  return `event: caught-up\nid: ${cursor}\ndata: {"${place}":${end}}\n\n`;
}

/** A message that tells how far a subscription has come, and no event. */
export function cursorOnly({ place, cursor }: { place: Place; cursor: number }): string {
  return `event: cursor\nid: ${cursor}\ndata: {"${place}":${cursor}}\n\n`;
}

/** Says nothing; keeps proxies from taking the connection for dead. */
export const comment = ':\n\n';
