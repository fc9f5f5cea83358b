/**
 * Finds the one bit whose change explains a checksum that is not right. It is a guess, good enough
 * to tell whose event a damaged line was, and never to serve it.
 */

/** CRC-32 over one byte, from state 0: what the checksum changes by when a bit of that byte does. */
const byteTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let state = byte;
  for (let bit = 0; bit < 8; bit++) state = state & 1 ? (state >>> 1) ^ 0xedb88320 : state >>> 1;
  return state;
});

/** `body` with the bit changed back by which its checksum differs; `undefined` when no single bit does. */
export function correctBit(body: Buffer, difference: number): Buffer | undefined {
  const changes = Uint32Array.from({ length: 8 }, (_, bit) => byteTable[1 << bit] as number);
  for (let at = body.length - 1; at >= 0; at--) {
    const bit = changes.findIndex((change) => change === difference >>> 0);
    if (bit >= 0) {
      const corrected = Buffer.from(body);
      corrected[at] = (corrected[at] as number) ^ (1 << bit);
      return corrected;
    }
    // One byte further from the end, the change goes through one more step of the checksum.
    for (let each = 0; each < 8; each++) {
      const change = changes[each] as number;
      changes[each] = (change >>> 8) ^ (byteTable[change & 0xff] as number);
    }
  }
  return undefined;
}
