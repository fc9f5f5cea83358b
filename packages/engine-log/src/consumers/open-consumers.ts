/** Opens the consumers' file: recovers it, makes sure that what is served is on the disk, or says what is damaged. */
import {
  type Clock,
  type ConsumerRecord,
  type ConsumerStore,
  type ConsumerWritten,
  type EngineObserver,
  EventStoreError,
} from '@event-store/core';
import { type FileSystem, readWholeFile } from '../file-system.ts';
import { consumersFileName } from '../format/consumer-line.ts';
import { damageAdvice } from '../recovery/damage.ts';
import type { Resources } from '../resources.ts';
import { ConsumerFile } from './consumer-file.ts';
import { LogConsumers } from './log-consumers.ts';
import { type ScannedConsumers, scanConsumers } from './scan-consumers.ts';

export interface OpenConsumersOptions {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly storeId: string;
  readonly clock: Clock;
  readonly observer: EngineObserver;
  readonly defer: (action: () => void) => void;
  readonly resources: Resources;
  readonly checkAccepting: () => void;
  readonly failed: (error: unknown) => void;
  /** Told what an operator is to know. */
  readonly damaged: (text: string) => void;
  readonly compactBytes?: number;
}

const compactBytesDefault = 1024 * 1024;

export async function openConsumers(options: OpenConsumersOptions): Promise<ConsumerStore> {
  const { fileSystem, directory, storeId, observer, resources, damaged, compactBytes = compactBytesDefault } = options;
  const path = `${directory}/${consumersFileName}`;
  const content = await readWholeFile(fileSystem, path);
  const scanned = content === undefined ? nothing : scanConsumers(content, storeId);
  if ('text' in scanned) {
    const message = `${consumersFileName} is damaged: byte ${scanned.offset}: ${scanned.text}. Consumers cannot be used, events can. ${damageAdvice}`;
    observer.notice?.({ level: 'error', message, fields: { offset: scanned.offset } });
    damaged(message);
    return new DamagedConsumers(message);
  }
  const file = new ConsumerFile({ fileSystem, directory, storeId, compactBytes });
  if (content !== undefined) {
    await settleTail(options, content, scanned);
    await file.open(scanned);
  }
  const { entries, revision } = scanned;
  const consumers = new LogConsumers({ ...options, file, entries: entries.values(), revision });
  resources.add(() => consumers.close());
  return consumers;
}

const nothing: ScannedConsumers = { entries: new Map(), revision: 0, durableBytes: 0, bytes: 0, seed: 0 };

/** Cuts a torn tail; what may stand in the page cache alone is written again in place. */
async function settleTail(
  { fileSystem, directory, observer }: OpenConsumersOptions,
  content: Buffer,
  { durableBytes, bytes }: ScannedConsumers,
): Promise<void> {
  if (durableBytes === content.length) return;
  if (content.length > bytes) {
    const message = `A torn tail of ${content.length - bytes} bytes of ${consumersFileName} was cut; it was never acknowledged.`;
    observer.notice?.({ level: 'warn', message, fields: { offset: bytes } });
  }
  const file = await fileSystem.open(`${directory}/${consumersFileName}`, 'write');
  try {
    if (bytes > durableBytes) file.write(content.subarray(durableBytes, bytes), durableBytes);
    await file.truncate(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Nothing is served of a damaged file: what is missing in it may be a consumer's last word. */
class DamagedConsumers implements ConsumerStore {
  readonly #message: string;

  constructor(message: string) {
    this.#message = message;
  }

  async read(): Promise<ConsumerRecord | undefined> {
    throw this.#damaged();
  }

  async write(): Promise<ConsumerWritten> {
    throw this.#damaged();
  }

  async list(): Promise<readonly ConsumerRecord[]> {
    throw this.#damaged();
  }

  #damaged(): EventStoreError {
    return new EventStoreError('engine-unavailable', this.#message);
  }
}
