/** A small store that was stopped in good order: several segments, batches, ids, metadata. */
import type { DiskImage } from '../file-system/simulated-directory.ts';
import { feedLines } from './history.ts';
import { type SampleAppend, sampleAppend } from './sample-appends.ts';
import { SimulatedMachine } from './simulated-machine.ts';

export interface SmallStore {
  readonly image: DiskImage;
  /** The feed. */
  readonly lines: readonly string[];
  /** Paths of the segments, in the order of the log. */
  readonly segments: readonly string[];
}

export const smallSegmentBytes = 600;

const appends: readonly SampleAppend[] = [
  { streamId: 'a', name: 'one' },
  { streamId: 'a', name: 'two', events: 3, hasIds: true },
  { streamId: 'ü/"\u2028', name: 'three' },
  { streamId: 'b', name: 'four', events: 2 },
  { streamId: 'a', name: 'five' },
  { streamId: 'c', name: 'six', hasIds: true },
  { streamId: 'b', name: 'seven', events: 2, hasIds: true },
];

/** `life` tells stores apart that are otherwise made in the same way. */
export async function smallStore({ isClean = true, life = '' } = {}): Promise<SmallStore> {
  const machine = new SimulatedMachine({ segmentBytes: smallSegmentBytes });
  const engine = await machine.open();
  for (const each of appends) {
    await engine.append(sampleAppend({ ...each, name: `${each.name}${life}` }));
    await machine.pass(60);
  }
  const lines = await feedLines(engine);
  if (isClean) await engine.close();
  const image = machine.fileSystem.image();
  return { image, lines, segments: [...image.keys()].filter((path) => path.endsWith('.ndjson')) };
}

export const headPath = 'data/head';
export const storePath = 'data/store.json';

/** The image with one file changed, or gone where `change` gives nothing. */
export function withFile(image: DiskImage, path: string, change: (content: Buffer) => Buffer | undefined): DiskImage {
  const changed = new Map(image);
  const content = change(Buffer.from(image.get(path) as Buffer));
  if (content === undefined) changed.delete(path);
  else changed.set(path, content);
  return changed;
}

export function flipBit(content: Buffer, bit: number): Buffer {
  const at = bit >> 3;
  content[at] = (content[at] as number) ^ (1 << (bit & 7));
  return content;
}
