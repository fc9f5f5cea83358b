/**
 * What a disk may hold after a power cut: everything that was synced, and of the rest any part.
 * Each dirty sector has one of the contents that it had, each file one of its lengths, each
 * un-synced change of names happened or not.
 */
import type { SeededRandom } from '../seeded-random.ts';
import { apply, emptyDirectory, type SimulatedDirectory, type SimulatedNode } from './simulated-directory.ts';
import { durableFile, type SimulatedFile } from './simulated-file.ts';

/** Chooses one of `count` things that happened one after another; -1 for what was there before. */
export type CrashChoice = (count: number) => number;

export const keepNothing: CrashChoice = () => -1;
export const keepEverything: CrashChoice = (count) => count - 1;

/** Any part, with the same probability for each piece of this crash. */
export function keepSome(random: SeededRandom): CrashChoice {
  const probability = random.fraction();
  return (count) => (random.isTrue(probability) ? random.below(count) : -1);
}

/** The state after a crash, the same in both worlds. */
export function crashed(root: SimulatedDirectory, choose: CrashChoice, sectorBytes: number): SimulatedDirectory {
  const survivors = new Map<SimulatedNode, SimulatedNode>();
  const survive = (node: SimulatedNode): SimulatedNode => {
    const known = survivors.get(node);
    if (known !== undefined) return known;
    const survivor =
      node.kind === 'file' ? durableFile(contentAfter(node, choose, sectorBytes)) : directoryAfter(node, choose);
    survivors.set(node, survivor);
    if (survivor.kind === 'directory') {
      for (const [name, child] of survivor.disk) survivor.cache.set(name, survive(child));
      survivor.disk = new Map(survivor.cache);
    }
    return survivor;
  };
  return survive(root) as SimulatedDirectory;
}

/** The names that survive, still with what they named before. */
function directoryAfter(directory: SimulatedDirectory, choose: CrashChoice): SimulatedDirectory {
  const names = new Map(directory.disk);
  for (const change of directory.pending) if (choose(1) === 0) apply(names, change);
  return { ...emptyDirectory(), disk: names };
}

function contentAfter({ disk, dirty, lengths }: SimulatedFile, choose: CrashChoice, sectorBytes: number): Buffer {
  const lengthKept = lengths.length === 0 ? -1 : choose(lengths.length);
  const content = Buffer.alloc(lengths[lengthKept] ?? disk.length);
  disk.copy(content);
  for (const [number, contents] of dirty) {
    const kept = choose(contents.length);
    if (kept >= 0 && number * sectorBytes < content.length) contents[kept]?.copy(content, number * sectorBytes);
  }
  return content;
}
