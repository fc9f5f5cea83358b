/** Ways in which the files of a store become others than they were: by seed, one or several at once. */
import type { DiskImage } from '../file-system/simulated-directory.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { anyOf, type Corruption, type CorruptionSource, contentOf } from './corruption.ts';
import { foreignBlock, foreignLine, foreignLines, foreignStart } from './foreign-lines.ts';
import type { RandomStore } from './random-store.ts';

/** Kinds of damage to the log: none of them may be served, nor make history shorter. */
const inLog: readonly Corruption[] = [
  (image, { random, store }) => changeBytes(image, anyOf(random, store.segments), random),
  (image, { random, store }) => flipBits(image, anyOf(random, store.segments), random),
  (image, { random, store }) => truncate(image, anyOf(random, store.segments), random),
  (image, { random, store }) => fill(image, anyOf(random, store.segments), random),
  (image, { random, store }) => changeLines(image, anyOf(random, store.segments), random),
  foreignLine,
  foreignLines,
  foreignBlock,
  foreignStart,
  (image, source) => changeSegments(image, source),
];

/** Damage to everything beside it. */
const beside: readonly Corruption[] = [
  (image, { random }) => flipBits(image, 'data/head', random),
  (image, { random }) => truncate(image, 'data/head', random),
  (image, { random }) => fill(image, 'data/head', random),
  (image) => remove(image, 'data/head'),
  (image, { other }) => replace(image, 'data/head', other),
  (image, { random }) => changeBytes(image, 'data/store.json', random),
  (image, { random }) => flipBits(image, 'data/store.json', random),
  (image, { random }) => truncate(image, 'data/store.json', random),
];

export function corruptLog(image: DiskImage, source: CorruptionSource): { image: DiskImage; what: string } {
  const changed = new Map(image);
  const what = anyOf(source.random, inLog)(changed, source);
  return { image: changed, what };
}

/** Between one and four kinds of damage, anywhere. */
export function corruptAnything(image: DiskImage, source: CorruptionSource): { image: DiskImage; what: string } {
  const { random } = source;
  const changed = new Map(image);
  const what: string[] = [];
  for (let count = 1 + random.below(4); count > 0; count--) {
    const change = anyOf(random, random.isTrue(0.7) ? inLog : beside);
    what.push(change(changed, source));
  }
  return { image: changed, what: what.join('; ') };
}

/** A place in a file, often near its start or its end. */
function anyPlace(content: Buffer, random: SeededRandom): number {
  const near = Math.min(content.length, 300);
  const dice = random.below(4);
  if (dice === 0) return random.below(near);
  return dice === 1 ? content.length - near + random.below(near) : random.below(content.length);
}

/** A burst of up to 32 bits. */
function flipBits(image: Map<string, Buffer | undefined>, path: string, random: SeededRandom): string {
  const content = contentOf(image, path);
  if (content.length === 0) return 'nothing';
  const first = anyPlace(content, random) * 8 + random.below(8);
  const bits = random.isTrue(0.6) ? 1 : 1 + random.below(32);
  for (let bit = first; bit < Math.min(first + bits, content.length * 8); bit++) {
    const isInside = bit > first && bit < first + bits - 1;
    if (!isInside || random.isTrue(0.5)) content[bit >> 3] = (content[bit >> 3] as number) ^ (1 << (bit & 7));
  }
  image.set(path, content);
  return `${bits} bits from bit ${first} of ${path}`;
}

/** Some bytes put in, taken out, or repeated. */
function changeBytes(image: Map<string, Buffer | undefined>, path: string, random: SeededRandom): string {
  const content = contentOf(image, path);
  if (content.length === 0) return 'nothing';
  const at = anyPlace(content, random);
  const bytes = 1 + random.below(40);
  const some = content.subarray(at, at + bytes);
  const middle = [Buffer.alloc(0), Buffer.concat([some, some]), Buffer.from('"}\n{'), Buffer.alloc(bytes, 0x20)];
  image.set(path, Buffer.concat([content.subarray(0, at), anyOf(random, middle), content.subarray(at + bytes)]));
  return `${bytes} bytes at ${at} of ${path}`;
}

function truncate(image: Map<string, Buffer | undefined>, path: string, random: SeededRandom): string {
  const content = contentOf(image, path);
  const end = content.length === 0 ? 0 : anyPlace(content, random);
  image.set(path, content.subarray(0, end));
  return `${path} ends at ${end}`;
}

/** A run of zeros, of line feeds or of rubbish. */
function fill(image: Map<string, Buffer | undefined>, path: string, random: SeededRandom): string {
  const content = contentOf(image, path);
  if (content.length === 0) return 'nothing';
  const at = anyPlace(content, random);
  const end = Math.min(content.length, at + 1 + random.below(600));
  content.fill(anyOf(random, ['\0', '\n', '{"streamId":"a"', '"}\n']), at, end);
  image.set(path, content);
  return `${at} to ${end} of ${path} filled`;
}

/** Lines lost, repeated, swapped. */
function changeLines(image: Map<string, Buffer | undefined>, path: string, random: SeededRandom): string {
  const lines = contentOf(image, path).toString('latin1').split('\n');
  const at = random.below(lines.length);
  const another = random.below(lines.length);
  const kind = random.below(3);
  if (kind === 0) lines.splice(at, 1 + random.below(3));
  else if (kind === 1) lines.splice(at, 0, lines[another] as string);
  else [lines[at], lines[another]] = [lines[another] as string, lines[at] as string];
  image.set(path, Buffer.from(lines.join('\n'), 'latin1'));
  return `line ${at} of ${path} ${['lost', 'is another', 'swapped'][kind]} (${another})`;
}

/** Whole segments gone, under another’s name, or of another store. */
function changeSegments(image: Map<string, Buffer | undefined>, { random, store, other }: CorruptionSource): string {
  const path = anyOf(random, store.segments);
  const another = anyOf(random, store.segments);
  switch (random.below(3)) {
    case 0:
      return remove(image, path);
    case 1: {
      const [first, second] = [contentOf(image, path), contentOf(image, another)];
      image.set(path, second);
      image.set(another, first);
      return `${path} and ${another} swapped`;
    }
    default:
      return replace(image, path, other);
  }
}

function remove(image: Map<string, Buffer | undefined>, path: string): string {
  image.delete(path);
  return `${path} is gone`;
}

/** The file of the other store under the same name, or any of its segments. */
function replace(
  image: Map<string, Buffer | undefined>,
  path: string,
  { image: others, segments }: RandomStore,
): string {
  image.set(path, others.get(path) ?? others.get(segments[0] as string));
  return `${path} is of another store`;
}
