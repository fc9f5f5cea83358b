/** A store after a random life, with all that it served: what corruption is tried on. */
import type { DiskImage } from '../file-system/simulated-directory.ts';
import { type SeededRandom, seededRandom } from '../seeded-random.ts';
import { ClientKnowledge, type NameDigits } from './client-knowledge.ts';
import { feedLines } from './history.ts';
import { KeptIndex } from './kept-index.ts';
import { RandomLife } from './random-life.ts';
import { sampleAppend } from './sample-appends.ts';
import { SimulatedMachine } from './simulated-machine.ts';

export interface RandomStore {
  readonly image: DiskImage;
  /** The feed. */
  readonly lines: readonly string[];
  /** Paths of the segments, in the order of the log. */
  readonly segments: readonly string[];
  readonly segmentBytes: number;
  readonly index: KeptIndex;
}

interface RandomStoreOptions {
  readonly storeId?: string;
  readonly nameDigits?: NameDigits;
}

/** Some segments are larger than a block of a disk. */
const segmentBytesMax = (seed: number) => (seed % 4 === 3 ? 12_000 : 2_500);

/** Stopped in good order most of the time, killed otherwise. */
export async function randomStore(seed: number, options: RandomStoreOptions = {}): Promise<RandomStore> {
  const { storeId = 'store', nameDigits } = options;
  const random = seededRandom(seed);
  const segmentBytes = 600 + random.below(segmentBytesMax(seed));
  const index = new KeptIndex();
  const life = new RandomLife({
    machine: { segmentBytes, seed, storeId },
    random,
    knowledge: new ClientKnowledge(undefined, nameDigits),
    index,
  });
  await life.live(8 + random.below(12));
  if (random.isTrue(0.7)) await life.end();
  const { machine, knowledge } = life;
  const image = machine.fileSystem.image();
  const next = new SimulatedMachine({ segmentBytes, state: machine.fileSystem.state() });
  const lines = await feedLines(await next.open());
  if (knowledge.position > lines.length) throw new Error('the store has lost something on the way');
  return { image, lines, segments: segmentsOf(image), segmentBytes, index };
}

/** What the same program made elsewhere: every line has another content, and the same length, stream and version. */
export function twinOf(seed: number): Promise<RandomStore> {
  return randomStore(seed, { storeId: 'twins', nameDigits: 'abcdefghij' });
}

/** A store of at least so many bytes, always the same. */
export async function storeOfBytes(bytes: number, segmentBytes: number): Promise<RandomStore> {
  const random = seededRandom(1);
  const index = new KeptIndex();
  const machine = new SimulatedMachine({ segmentBytes, openIndex: index.open });
  const engine = await machine.open();
  for (let i = 0; (engine.statistics().log_bytes ?? 0) < bytes; i++) {
    await engine.append(sampleAppend(anySample(random, `${i}`)));
    await machine.pass(60);
  }
  const lines = await feedLines(engine);
  await engine.close();
  const image = machine.fileSystem.image();
  return { image, lines, segments: segmentsOf(image), segmentBytes, index };
}

function anySample(random: SeededRandom, name: string) {
  const streamId = ['a', 'b', 'ü/"\u2028'][random.below(3)] as string;
  return { streamId, name, events: 1 + random.below(4), hasIds: random.isTrue(0.5), dataBytes: random.below(200) };
}

function segmentsOf(image: DiskImage): string[] {
  return [...image.keys()].filter((path) => path.endsWith('.ndjson'));
}
