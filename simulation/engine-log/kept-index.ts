/**
 * An index that outlives its process, as the one on disk does: each batch that was written to it is
 * durable, so a later life finds all of them, or after a loss the first few.
 */
import type { IndexBatch, IndexWriter } from '../../packages/engine-log/src/index/log-index.ts';
import { LogIndexer } from '../../packages/engine-log/src/index/log-indexer.ts';
import { MemoryIndex, openMemoryIndex } from '../../packages/engine-log/src/index/memory-index.ts';
import type { OpenIndex, OpenIndexOptions } from '../../packages/engine-log/src/index/open-index.ts';

export class KeptIndex {
  readonly #batches: IndexBatch[];

  constructor(batches: readonly IndexBatch[] = []) {
    this.#batches = [...batches];
  }

  get batches(): number {
    return this.#batches.length;
  }

  /** The last position that it covers. */
  get position(): number {
    return this.#batches.at(-1)?.covered.position ?? 0;
  }

  /** As it was after its first `batches` batches. */
  copy(batches = this.#batches.length): KeptIndex {
    return new KeptIndex(this.#batches.slice(0, batches));
  }

  /** For the next process; one for reading a damaged log is always new. */
  readonly open = async (options: OpenIndexOptions): Promise<OpenIndex> => {
    const { fileSystem, directory, logDirectory, stepsOverDamage, progress, discardReason } = options;
    if (!directory.endsWith('/index')) return openMemoryIndex(options);
    if (discardReason !== undefined) this.#batches.length = 0;
    const memory = new MemoryIndex();
    for (const batch of this.#batches) memory.write(batch);
    const writer = this.#recording(memory);
    return {
      reader: memory,
      indexer: new LogIndexer({ fileSystem, directory: logDirectory, writer, stepsOverDamage, progress }),
    };
  };

  #recording(memory: MemoryIndex): IndexWriter {
    return {
      get skippedVersions() {
        return memory.skippedVersions;
      },
      covered: () => memory.covered(),
      write: (batch) => {
        this.#batches.push(batch);
        memory.write(batch);
      },
      clear: () => {
        this.#batches.length = 0;
        memory.clear();
      },
      close: () => memory.close(),
    };
  }
}
