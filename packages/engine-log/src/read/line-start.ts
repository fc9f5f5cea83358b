/**
 * How the line of a version begins. The index has no checksum of its own, so what stands at a place
 * that it names is believed to be that version only if it says so.
 */
import { jsonString } from '@event-store/core';

/** What stands before the version in every line of a stream. */
export function lineStartOf(streamId: string): Buffer {
  return Buffer.from(`{"streamId":${jsonString(streamId)},"version":`);
}

const comma = 0x2c;
const zero = 0x30;

/** Whether the line that starts at `start` is that of a version. Called for each line read, so it makes nothing. */
export function isLineOf(
  lines: Uint8Array,
  start: number,
  { lineStart, version }: { lineStart: Uint8Array; version: number },
): boolean {
  for (let i = 0; i < lineStart.length; i++) if (lines[start + i] !== lineStart[i]) return false;
  let found = 0;
  let at = start + lineStart.length;
  for (; lines[at] !== comma; at++) {
    const digit = (lines[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) return false;
    found = found * 10 + digit;
  }
  return found === version && lines[start + lineStart.length] !== zero;
}
