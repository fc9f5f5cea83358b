/**
 * Checks a whole data directory while no store runs in it, and changes nothing but the lock. Its
 * memory is bounded: about 60 bytes for each stream, and 335 MB once client ids are many.
 */
import { StartError } from '@event-store/core';
import type { DirectoryLock } from '../directory-lock.ts';
import { type FileSystem, readWholeFile } from '../file-system.ts';
import { consumersFileName } from '../format/consumer-line.ts';
import { headFileName } from '../format/head-file.ts';
import { decodeStoreFile, type StoreIdentity, storeFileAdvice, storeFileName } from '../format/store-file.ts';
import { checkConsumers } from './check-consumers.ts';
import { type CheckedLog, checkLog } from './check-log.ts';
import type { Finding, Report } from './finding.ts';
import type { IndexWitness, OpenIndexWitness } from './index-witness.ts';
import { type HeadSlot, readHead } from './read-head.ts';
import type { WalkOptions } from './walk-log.ts';

export interface VerifyOptions {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly lock: (directory: string) => Promise<DirectoryLock>;
  readonly openIndex: OpenIndexWitness;
  /** How many client ids are held in memory at once. */
  readonly idsMax?: number;
  readonly progress?: (bytes: number, totalBytes: number) => void;
}

export interface VerifyReport {
  readonly storeId: string;
  /** Whether nothing is wrong that a crash does not explain. */
  readonly isIntact: boolean;
  readonly findings: readonly Finding[];
  readonly segments: number;
  readonly bytes: number;
  /** Events that can be served, those that a repair gave up, and those that it would give up now. */
  readonly events: number;
  readonly lostEvents: number;
  readonly damagedEvents: number;
  readonly streams: number;
  readonly lastPosition: number;
}

/** @throws StartError `in-use` when a store runs there, `no-store` when there is none. */
export async function verifyStore(options: VerifyOptions): Promise<VerifyReport> {
  await storeIn(options);
  const lock = await options.lock(options.directory);
  try {
    return reportOf(await checkStore(options));
  } finally {
    lock.release();
  }
}

/** All that a check finds out. */
export interface CheckedStore {
  readonly store: StoreIdentity;
  readonly findings: readonly Finding[];
  readonly head: readonly HeadSlot[];
  readonly log: CheckedLog;
}

/** Checks a directory that is locked already. */
export async function checkStore(options: Omit<VerifyOptions, 'lock'>): Promise<CheckedStore> {
  const { fileSystem, directory, idsMax, progress = () => {} } = options;
  const store = await storeIn(options);
  const { storeId } = store;
  const findings: Finding[] = [];
  const headFile = await readWholeFile(fileSystem, `${directory}/${headFileName}`);
  const head = readHead(headFile, storeId, (finding) => findings.push(finding));
  const index = await openIndexIn(options, storeId, (finding) => findings.push(finding));
  try {
    const consumers = await readWholeFile(fileSystem, `${directory}/${consumersFileName}`);
    if (consumers !== undefined) findings.push(...checkConsumers(consumers, storeId));
    const knownPosition = Math.max(head[0]?.position ?? 0, index?.covered?.position ?? 0);
    let ofIndex: Promise<readonly Finding[]> = Promise.resolve([]);
    const walking = (walk: WalkOptions) => {
      ofIndex = ofIndex.then(() => index?.check(walk) ?? []).catch(unreadableIndex);
    };
    const log = await checkLog({ fileSystem, directory, store, head, knownPosition, idsMax, progress, walking });
    return { store, head, log, findings: [...findings, ...log.findings, ...(await ofIndex)] };
  } finally {
    await index?.close();
  }
}

/** `undefined` when there is none, or none that can be read. */
async function openIndexIn(
  { fileSystem, directory, openIndex }: Omit<VerifyOptions, 'lock'>,
  storeId: string,
  report: Report,
): Promise<IndexWitness | undefined> {
  const index = `${directory}/index`;
  if ((await fileSystem.stat(`${index}/data.mdb`)) === undefined) return undefined;
  try {
    return await openIndex({ directory: index, storeId });
  } catch (error) {
    unreadableIndex(error as Error).forEach(report);
    return undefined;
  }
}

function unreadableIndex({ message }: Error): readonly Finding[] {
  const text = `it cannot be read (${message}); delete the directory, the next start builds it anew`;
  return [{ kind: 'index', severity: 'derived', file: 'index', text }];
}

/** @throws StartError when there is no store, or one of a newer format. */
export async function storeIn({
  fileSystem,
  directory,
}: Pick<VerifyOptions, 'fileSystem' | 'directory'>): Promise<StoreIdentity> {
  const content = await readWholeFile(fileSystem, `${directory}/${storeFileName}`).catch(nothingIfNoDirectory);
  if (content === undefined) {
    const hasLog = (await fileSystem.stat(`${directory}/log`).catch(() => undefined)) !== undefined;
    const advice = hasLog ? `, but a log; ${storeFileAdvice}` : '';
    throw new StartError('no-store', `there is no store in ${directory}: it has no ${storeFileName}${advice}`);
  }
  return decodeStoreFile(content);
}

/** What cannot be read may be there all the same, so no other error means that there is nothing. */
function nothingIfNoDirectory(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOTDIR') throw error;
}

export function reportOf({ store, findings, log }: CheckedStore): VerifyReport {
  const { history, segments, losses } = log;
  return {
    storeId: store.storeId,
    isIntact: findings.every(({ severity }) => severity === 'notice'),
    findings,
    segments: segments.length,
    bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
    events: history.events,
    lostEvents: history.lostEvents,
    damagedEvents: losses.reduce((sum, { position, lastPosition }) => sum + lastPosition - position + 1, 0),
    streams: history.versions.size,
    lastPosition: history.position,
  };
}
