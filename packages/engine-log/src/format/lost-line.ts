/**
 * The line that a repair puts in place of one that cannot be read. It keeps versions and positions
 * dense, is never served as an event, and lets what follows be checked:
 *
 *     {"lost":{"position":1043,"streamId":"account-1","version":4,"crc32":"0a91b2c3"},"crc32":"77aa01bc"}
 *
 * The inner digits are the CRC-32 of the line before them. The outer ones are those of the line
 * that was lost, since the running checksum of everything behind it goes over them.
 */
import { jsonString } from '@event-store/core';
import { continueChecksum, formatChecksum, readTrailer, trailerBytes, writeTrailer } from './checksum.ts';

export interface LostEvent {
  readonly position: number;
  readonly streamId: string;
  readonly version: number;
}

const start = Buffer.from('{"lost":', 'latin1');

/** `checksum` are the digits of the line that was lost. */
export function encodeLostLine({ position, streamId, version }: LostEvent, checksum: number): Buffer {
  const own = `{"lost":{"position":${position},"streamId":${jsonString(streamId)},"version":${version},"crc32":"`;
  const digits = formatChecksum(continueChecksum(0, Buffer.from(own, 'utf8')));
  const text = Buffer.from(`${own}${digits}"},"crc32":"`, 'utf8');
  const line = Buffer.concat([text, Buffer.alloc(trailerBytes)]);
  writeTrailer(line, text.length, checksum);
  return line;
}

/** Reads a whole line; `undefined` when it is not an intact one of this kind. */
export function decodeLostLine(line: Buffer): LostEvent | undefined {
  const checksum = readTrailer(line, line.length - trailerBytes);
  if (!isLostLine(line) || checksum === undefined) return undefined;
  try {
    const { lost } = JSON.parse(line.toString('utf8')) as { lost: LostEvent };
    const { position, streamId, version } = lost;
    return encodeLostLine(lost, checksum).equals(line) ? { position, streamId, version } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a line, or a run that begins with it, claims to be of this kind. */
export function isLostLine(line: Buffer): boolean {
  return line.length >= start.length && start.compare(line, 0, start.length) === 0;
}
