/** Reads a line of a segment as JSON, whole and strictly: what the format does not know is refused. */
import { crc32 } from 'node:zlib';
import { trailerBytes } from '../format/checksum.ts';
import { mixed, printed } from './read-trailer.ts';

/** What a line says of an event, or of one that a repair gave up. */
export interface StoredLine {
  readonly streamId: string;
  readonly version: number;
  readonly id: string | undefined;
  /** Absent on a lost line. */
  readonly time: string | undefined;
  readonly position: number;
  readonly commit: number;
  readonly synced: number | undefined;
  readonly isLost: boolean;
}

const fieldsInOrder = 'streamId,version,type,data,id,time,metadata,position,commit,synced,crc32'.split(',');
const required = ['streamId', 'version', 'type', 'data', 'time', 'position'];
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** `undefined` when it is not a line of this format. */
export function readStoredLine(line: Buffer): StoredLine | undefined {
  const record = parsed(line);
  if (record === undefined) return undefined;
  if ('lost' in record) return lostLine(record);
  const names = Object.keys(record);
  const places = names.map((name) => fieldsInOrder.indexOf(name));
  const isInOrder = places.every((place, index) => place > (places[index - 1] ?? -1));
  if (!isInOrder || required.some((name) => !names.includes(name))) return undefined;
  const { streamId, version, type, data, id, time, position, commit = position, synced } = record;
  const areTexts = [streamId, type, data, id ?? '', time].every((value) => typeof value === 'string');
  const areNumbers = [version, position, commit].every(isCount) && (synced === undefined || isWhole(synced));
  if (!areTexts || !areNumbers || !timePattern.test(`${time}`)) return undefined;
  return {
    ...(record as Omit<StoredLine, 'commit' | 'isLost'>),
    id: id as string | undefined,
    commit: commit as number,
    isLost: false,
  };
}

const lostStart = Buffer.from('{"lost":', 'latin1');
const betweenDigits = '"},"crc32":"';

/** Whether a line of a segment stands for a lost event, and is intact: its inner digits are over the line before them. */
export function isLostLine(line: Buffer, salt: number): boolean {
  if (line.compare(lostStart, 0, lostStart.length, 0, Math.min(line.length, lostStart.length)) !== 0) return false;
  const digitsEnd = line.length - trailerBytes - betweenDigits.length;
  const own = line.subarray(0, digitsEnd - 8);
  return (
    line.toString('latin1', digitsEnd - 8, digitsEnd + betweenDigits.length) ===
    `${printed(mixed(crc32(own), salt))}${betweenDigits}`
  );
}

function lostLine({ lost }: Record<string, unknown>): StoredLine | undefined {
  const { position, streamId, version } = { ...(lost as object) } as Record<string, unknown>;
  if (!isCount(position) || !isCount(version) || typeof streamId !== 'string') return undefined;
  return {
    position,
    streamId,
    version,
    id: undefined,
    time: undefined,
    commit: position,
    synced: undefined,
    isLost: true,
  };
}

function parsed(line: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCount(value: unknown): value is number {
  return isWhole(value) && value > 0;
}
