/**
 * Bytes of another log in a store's own: single lines of any other store, and runs and blocks of one
 * that the same program filled, whose lines stand where a reader expects lines. Each of them vouches
 * for the next one, as in the file that it is from.
 */
import type { SeededRandom } from '../seeded-random.ts';
import { anyOf, type Corruption, contentOf } from './corruption.ts';

/** A line of another store in place of one's own. */
export const foreignLine: Corruption = (image, { random, store, other }) => {
  const path = anyOf(random, store.segments);
  const lines = contentOf(image, path).toString('utf8').split('\n');
  const at = random.below(lines.length);
  lines[at] = other.lines[random.below(other.lines.length)] ?? '';
  image.set(path, Buffer.from(lines.join('\n'), 'utf8'));
  return `line ${at} of ${path} is of another store`;
};

/** Two to twenty neighbouring lines, behind the header. */
export const foreignLines: Corruption = (image, { random, store, twin }) => {
  const path = anyOf(random, store.segments);
  const count = 2 + random.below(19);
  const lines = contentOf(image, path).toString('latin1').split('\n');
  const others = contentOf(twin.image, path).toString('latin1').split('\n');
  const at = 1 + random.below(Math.max(1, lines.length - 2));
  lines.splice(at, count, ...others.slice(at, at + count));
  image.set(path, Buffer.from(lines.join('\n'), 'latin1'));
  return `${count} lines from ${at} on of ${path} are of another store`;
};

/** A sector, a page or a block of a disk that was written to the wrong place. */
const blockBytes = [512, 1_024, 4_096];

/** A whole aligned block, of the twin's file of the same name or of another one of the store's own. */
export const foreignBlock: Corruption = (image, { random, store, twin }) => {
  const path = anyOf(random, store.segments);
  const isOwn = random.isTrue(0.25);
  const source = isOwn ? contentOf(store.image, anyOf(random, store.segments)) : contentOf(twin.image, path);
  const [smallest = 0, ...larger] = blockBytes;
  const bytes = anyOf(random, [smallest, ...larger.filter((each) => each < source.length)]);
  const at = bytes * random.below(Math.max(1, Math.ceil(source.length / bytes)));
  return overwrite(image, path, { at, block: source.subarray(at, at + bytes), isOwn });
};

/** The header, and what stands behind it. */
export const foreignStart: Corruption = (image, { random, store, twin }) => {
  const path = anyOf(random, store.segments);
  const source = contentOf(twin.image, path);
  return overwrite(image, path, { at: 0, block: source.subarray(0, endOfSomeLine(source, random)), isOwn: false });
};

function endOfSomeLine(content: Buffer, random: SeededRandom): number {
  return content.indexOf('\n', random.below(content.length + 1)) + 1 || content.length;
}

function overwrite(
  image: Map<string, Buffer | undefined>,
  path: string,
  { at, block, isOwn }: { at: number; block: Buffer; isOwn: boolean },
): string {
  const content = contentOf(image, path);
  const end = at + block.length;
  image.set(path, Buffer.concat([content.subarray(0, at), block, content.subarray(end)]));
  return `bytes ${at} to ${end} of ${path} are of another ${isOwn ? 'segment' : 'store'}`;
}
