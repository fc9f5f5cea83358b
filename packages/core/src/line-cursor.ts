/**
 * The place of an event, read off its line (see event-line.ts) without parsing it. Within a JSON
 * string a quote stands behind a backslash, so `,"` is never inside one: the first `,"version":`
 * is the one behind the stream id. `position` stands behind the metadata, which may hold the same
 * name, and before nothing but numbers and a checksum: it is the last one.
 */
import { assert } from './errors.ts';

const names = { version: bytesOf(',"version":'), position: bytesOf(',"position":') } as const;

/** The number that a reader goes on from behind this line: of a stream its version, of the feed its position. */
export function lineCursor(line: Uint8Array, place: 'version' | 'position'): number {
  const name = names[place];
  const start = place === 'version' ? firstOf(line, name) : lastOf(line, name);
  assert(start >= 0, `a line has a ${place}`);
  let cursor = 0;
  for (let at = start + name.length; isDigit(line[at]); at++) cursor = cursor * 10 + ((line[at] as number) - zero);
  return cursor;
}

const zero = 0x30;
const comma = 0x2c;

function firstOf(line: Uint8Array, name: Uint8Array): number {
  let at = line.indexOf(comma);
  while (at >= 0 && !isAt(line, at, name)) at = line.indexOf(comma, at + 1);
  return at;
}

function lastOf(line: Uint8Array, name: Uint8Array): number {
  let at = line.lastIndexOf(comma);
  while (at >= 0 && !isAt(line, at, name)) at = at === 0 ? -1 : line.lastIndexOf(comma, at - 1);
  return at;
}

function isAt(line: Uint8Array, at: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i++) if (line[at + i] !== name[i]) return false;
  return true;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte < zero + 10;
}

function bytesOf(ascii: string): Uint8Array {
  return new TextEncoder().encode(ascii);
}
