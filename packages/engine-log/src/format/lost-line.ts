/**
 * The line that a repair puts in place of one that cannot be read. It keeps versions and positions
 * dense, is never served as an event, and lets what follows be checked:
 *
 *     {"lost":{"position":1043,"streamId":"account-1","version":4,"crc32":"0a91b2c3"},"crc32":"77aa01bc"}
 *
 * The inner digits are the CRC-32 of the line before them, XOR the salt of the segment, so that it is
 * none of another store. The outer ones are those of the line that was lost, since the running
 * checksum of everything behind it goes over them.
 */
import { jsonString } from '@event-store/core';
import { continueChecksum, formatChecksum, readTrailer, salted, trailerBytes, writeTrailer } from './checksum.ts';

export interface LostEvent {
  readonly position: number;
  readonly streamId: string;
  readonly version: number;
}

const start = Buffer.from('{"lost":', 'latin1');

export interface LostLine extends LostEvent {
  /** The digits of the line that was lost. */
  readonly checksum: number;
}

export function encodeLostLine({ position, streamId, version, checksum }: LostLine, salt: number): Buffer {
  const own = `{"lost":{"position":${position},"streamId":${jsonString(streamId)},"version":${version},"crc32":"`;
  const digits = formatChecksum(salted(continueChecksum(0, Buffer.from(own, 'utf8')), salt));
  const text = Buffer.from(`${own}${digits}"},"crc32":"`, 'utf8');
  const line = Buffer.concat([text, Buffer.alloc(trailerBytes)]);
  writeTrailer(line, text.length, checksum);
  return line;
}

/** Reads a whole line of a segment with this salt; `undefined` when it is not an intact one of this kind. */
export function decodeLostLine(line: Buffer, salt: number): LostLine | undefined {
  const lost = readLostLine(line);
  return lost !== undefined && encodeLostLine(lost, salt).equals(line) ? lost : undefined;
}

/** The same of a line that is known to be intact, or that is not asked to be. */
export function readLostLine(line: Buffer): LostLine | undefined {
  const checksum = readTrailer(line, line.length - trailerBytes);
  if (!isLostLine(line) || checksum === undefined) return undefined;
  try {
    const { lost } = JSON.parse(line.toString('utf8')) as { lost: LostEvent };
    const { position, streamId, version } = lost;
    return { position, streamId, version, checksum };
  } catch {
    return undefined;
  }
}

/** Whether a line, or a run that begins with it, claims to be of this kind. */
export function isLostLine(line: Buffer): boolean {
  return line.length >= start.length && start.compare(line, 0, start.length) === 0;
}
