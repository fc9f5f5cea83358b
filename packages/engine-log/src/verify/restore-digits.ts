/**
 * Tells whether a gap is whole but for the digits of one line. Those follow from the line itself,
 * and what follows them vouches for both:
 *
 *     ├ line, its last 11 bytes damaged ┤ line ┤ …   the second line checks out from what the digits must have been
 */
import { trailerBytes } from '../format/checksum.ts';
import { digitsBefore, digitsOf, trailerOf } from './read-trailer.ts';

const digitsField = Buffer.from('"crc32":"', 'latin1');

/**
 * The gap as it was written; `undefined` when more than that is damaged.
 *
 * @param after the digits that must stand at its end, known from what follows it.
 */
export function restoreDigits(
  gap: Buffer,
  { before, after, salt }: { before: number; after: number; salt: number },
): Buffer | undefined {
  for (let at = gap.indexOf(digitsField); at >= 0; at = gap.indexOf(digitsField, at + 1)) {
    const bodyEnd = at + digitsField.length;
    if (bodyEnd + trailerBytes > gap.length) return undefined;
    const digits = digitsOf(gap.subarray(0, bodyEnd), { before, salt });
    if (!leadsTo(gap.subarray(bodyEnd + trailerBytes), { from: digits, to: after, salt })) continue;
    const restored = Buffer.from(gap);
    trailerOf(digits).copy(restored, bodyEnd);
    return restored;
  }
  return undefined;
}

/** Whether some whole lines follow from digits and lead to others; no lines lead where they are. */
function leadsTo(lines: Buffer, { from, to, salt }: { from: number; to: number; salt: number }): boolean {
  let digits = from;
  for (let start = 0; start < lines.length; ) {
    const end = lines.indexOf('\n', start) + 1;
    const found = end === 0 ? undefined : digitsBefore(lines, end);
    if (found === undefined) return false;
    if (digitsOf(lines.subarray(start, end - trailerBytes), { before: digits, salt }) !== found) return false;
    digits = found;
    start = end;
  }
  return digits === to;
}
