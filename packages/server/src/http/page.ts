/**
 * JSON pages out of batches of lines. The lines are JSON already, so a page is made by putting
 * commas in the place of line feeds; nothing is parsed.
 */
import type { Batch } from '@event-store/core';

export interface Page<Kind extends Batch> {
  /** The elements of the payload, with commas between them. */
  readonly elements: Buffer;
  /** The last batch that is on the page; its lines are no longer valid. */
  readonly last: Kind | undefined;
}

/**
 * Collects batches up to a size. A read that fails behind the first event gives the page so far:
 * the next one starts where it failed, and says so.
 */
export async function readPage<Kind extends Batch>(
  batches: AsyncIterable<Kind>,
  { bytesMax, isEnough = () => false }: { bytesMax: number; isEnough?: (batch: Kind) => boolean },
): Promise<Page<Kind>> {
  const parts: Buffer[] = [];
  let bytes = 0;
  let last: Kind | undefined;
  try {
    for await (const batch of batches) {
      if (bytes > 0 && bytes + batch.lines.length + envelopeBytes > bytesMax) break;
      if (batch.count > 0) parts.push(withCommas(batch.lines));
      bytes += batch.lines.length;
      last = batch;
      if (isEnough(batch)) break;
    }
  } catch (error) {
    if (bytes === 0) throw error;
  }
  return { elements: Buffer.concat(parts, Math.max(bytes - 1, 0)), last };
}

/** The whole document: `pagination` is JSON. */
export function pageBody(pagination: string, elements: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`{"pagination":${pagination},"payload":[`), elements, end]);
}

/** What stands around the elements takes less. */
const envelopeBytes = 128;
const end = Buffer.from(']}');
const lineFeed = 0x0a;
const comma = 0x2c;

function withCommas(lines: Uint8Array): Buffer {
  const elements = Buffer.from(lines);
  for (let at = elements.indexOf(lineFeed); at >= 0; at = elements.indexOf(lineFeed, at + 1)) elements[at] = comma;
  return elements;
}
