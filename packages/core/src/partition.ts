/**
 * How the readers of one consumer share its streams: each stream has one of 1,024 slots, by the
 * highest bits of the CRC-32 (as in gzip, IEEE 802.3) of its id in UTF-8, and each partition has a run
 * of slots. This never changes, since checkpoints are kept for slots. (The lowest bits would put ids
 * that differ in their last digit alone beside each other.)
 */
import { limits } from './limits.ts';

/** How many slots there are: enough for 64 partitions to be of one size within 7 %. */
export const slotCount = 1_024;

/** Of the 32 bits of a checksum, those that say nothing about the slot. */
const lowBits = 22;

/** One of `count` parts of all streams: number 1, 2, … */
export interface Partition {
  readonly number: number;
  readonly count: number;
}

/** All streams. */
export const wholePartition: Partition = { number: 1, count: 1 };

/** The slots from `first` up to, and without, `end`. */
export interface SlotRange {
  readonly first: number;
  readonly end: number;
}

/** Reads `2/4`: the second of four. `undefined` for anything else, and for more partitions than there may be. */
export function parsePartition(text: string): Partition | undefined {
  const match = /^([1-9][0-9]?)\/([1-9][0-9]?)$/.exec(text);
  if (match === null) return undefined;
  const [number, count] = [Number(match[1]), Number(match[2])];
  return number <= count && count <= limits.partitionsMax ? { number, count } : undefined;
}

/** The slots of a partition. The partitions of one count share all slots, without a gap or an overlap. */
export function slotsOf({ number, count }: Partition): SlotRange {
  return {
    first: Math.floor(((number - 1) * slotCount) / count),
    end: Math.floor((number * slotCount) / count),
  };
}

/** The slot of a stream: 0 to 1,023. */
export function slotOf(streamId: string): number {
  return crc32(encoder.encode(streamId)) >>> lowBits;
}

const encoder = new TextEncoder();

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

function crc32(bytes: Uint8Array): number {
  let checksum = 0xffffffff;
  for (const byte of bytes) checksum = (checksum >>> 8) ^ (table[(checksum ^ byte) & 0xff] as number);
  return ~checksum >>> 0;
}
