/**
 * `head`: how far the log was durable, written behind the log and never trusted alone. Two slots
 * of 4,096 bytes are written in turn, so that a torn write leaves the other one:
 *
 *     ┌ slot 0 ──────────────────────────────────┬ slot 1 ───────────────
 *     │ {"storeId":"…","sequence":8,…}␊ 0 0 0 …  │ {…"sequence":7,…}␊ 0 …
 *
 * The line is JSON and ends with a CRC-32 of itself; the higher sequence counts.
 */
import {
  continueChecksum,
  formatChecksum,
  noSalt,
  readTrailer,
  trailerBytes,
  verifyLines,
  writeTrailer,
} from './checksum.ts';

export const headFileName = 'head';

/** A durable place at the end of a line of the log. */
export interface LogEnd {
  /** First position of the segment. */
  readonly segment: number;
  /** Bytes of the segment up to and with that line. */
  readonly offset: number;
  /** That line's position; 0 when the log has no events. */
  readonly position: number;
  /** That line's digits. */
  readonly checksum: number;
}

export interface Head {
  readonly storeId: string;
  readonly sequence: number;
  readonly end: LogEnd;
  /** Whether the store was closed in good order there. */
  readonly clean: boolean;
}

const slotBytes = 4096;

export const headFileBytes = 2 * slotBytes;

/** A slot's content and its place in the file. */
export function encodeHead({ storeId, sequence, end, clean }: Head): { readonly bytes: Buffer; readonly at: number } {
  const { segment, offset, position } = end;
  const fields = { storeId, sequence, segment, offset, position, lastCrc32: formatChecksum(end.checksum), clean };
  const text = `${JSON.stringify(fields).slice(0, -1)},"crc32":"`;
  const bytes = Buffer.alloc(slotBytes);
  const digitsAt = bytes.write(text, 'utf8');
  writeTrailer(bytes, digitsAt, continueChecksum(0, bytes.subarray(0, digitsAt)));
  return { bytes, at: (sequence % 2) * slotBytes };
}

/** The newest intact slot; `undefined` when there is none. */
export function decodeHead(file: Buffer): Head | undefined {
  const slots = [0, slotBytes].map((at) => decodeSlot(file.subarray(at, at + slotBytes)));
  return slots.reduce(
    (newest, slot) => (slot && (!newest || slot.sequence > newest.sequence) ? slot : newest),
    undefined,
  );
}

function decodeSlot(slot: Buffer): Head | undefined {
  const line = slot.subarray(0, slot.indexOf('\n') + 1);
  if (line.length < trailerBytes || verifyLines(line, 0, noSalt) === undefined) return undefined;
  const fields = JSON.parse(line.toString('utf8')) as Omit<Head, 'end'> &
    Omit<LogEnd, 'checksum'> & { lastCrc32: string };
  const { storeId, sequence, clean, segment, offset, position, lastCrc32 } = fields;
  const checksum = readTrailer(Buffer.from(`${lastCrc32}"}\n`, 'latin1'), 0);
  return checksum === undefined
    ? undefined
    : { storeId, sequence, clean, end: { segment, offset, position, checksum } };
}
