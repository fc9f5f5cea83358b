/** Reads both slots of `head`, by a pattern of its own, and says what is wrong with them. */
import { crc32 } from 'node:zlib';
import { trailerBytes } from '../format/checksum.ts';
import { headFileBytes, headFileName } from '../format/head-file.ts';
import type { Report } from './finding.ts';

export interface HeadSlot {
  readonly sequence: number;
  /** First position of a segment, and the byte of it behind the last durable line. */
  readonly segment: number;
  readonly offset: number;
  readonly position: number;
  readonly digits: number;
  readonly clean: boolean;
}

const slotBytes = headFileBytes / 2;
const pattern =
  /^\{"storeId":("(?:[^"\\]|\\.)*"),"sequence":(\d+),"segment":(\d+),"offset":(\d+),"position":(\d+),"lastCrc32":"([0-9a-f]{8})","clean":(true|false),"crc32":"([0-9a-f]{8})"\}\n/;

/** The intact slots of this store, newest first. */
export function readHead(content: Buffer | undefined, storeId: string, report: Report): readonly HeadSlot[] {
  const notice = (text: string, offset?: number) =>
    report({ kind: 'head', severity: 'notice', file: headFileName, ...(offset !== undefined && { offset }), text });
  if (content === undefined) {
    notice('it is missing: a log that was cut at the border of a line looks like a shorter one');
    return [];
  }
  if (content.length !== headFileBytes) notice(`it has ${content.length} bytes instead of ${headFileBytes}`);
  const slots: HeadSlot[] = [];
  for (const at of [0, slotBytes]) {
    const bytes = content.subarray(at, at + slotBytes);
    if (bytes.every((byte) => byte === 0)) continue;
    const slot = readSlot(bytes);
    if (slot === undefined) notice('the slot cannot be read', at);
    else if (slot.storeId !== storeId) notice(`the slot is of another store, ${slot.storeId}`, at);
    else slots.push(slot);
  }
  if (slots.length === 0) notice('no slot of it can be used: where the log was durable is not known');
  return slots.sort((a, b) => b.sequence - a.sequence);
}

function readSlot(bytes: Buffer): (HeadSlot & { readonly storeId: string }) | undefined {
  const found = pattern.exec(bytes.toString('utf8'));
  if (found === null) return undefined;
  const [line, storeId = '', sequence, segment, offset, position, digits = '', clean, own = ''] = found;
  if (crc32(bytes.subarray(0, Buffer.byteLength(line) - trailerBytes)) !== Number.parseInt(own, 16)) return undefined;
  return {
    storeId: JSON.parse(storeId) as string,
    sequence: Number(sequence),
    segment: Number(segment),
    offset: Number(offset),
    position: Number(position),
    digits: Number.parseInt(digits, 16),
    clean: clean === 'true',
  };
}
