/**
 * The index while a repair is under way: it does not fit the repaired log, so no start may find
 * it, but it knows whose the lost events were, so it is needed until the end.
 *
 *     index/  ── put aside ──>  index-before-repair/  ── emptied, renamed ──>  index/
 */
import type { FileSystem } from '../file-system.ts';

const indexName = 'index';
const asideName = 'index-before-repair';

/** The directories that may hold an index, the one that knows more last. */
export async function indexDirectories(fileSystem: FileSystem, directory: string): Promise<readonly string[]> {
  const names = await fileSystem.list(directory);
  return [asideName, indexName].filter((name) => names.includes(name)).map((name) => `${directory}/${name}`);
}

export async function putIndexAside(fileSystem: FileSystem, directory: string): Promise<void> {
  const [index, aside] = [`${directory}/${indexName}`, `${directory}/${asideName}`];
  // One that was built since the last repair was cut off knows more than the one from before.
  if ((await filesIn(fileSystem, index)).length === 0) return;
  await empty(fileSystem, aside);
  await fileSystem.rename(index, aside);
  await fileSystem.syncDirectory(directory);
}

/** Removes everything that was derived from the log as it was. */
export async function removeIndexes(fileSystem: FileSystem, directory: string): Promise<void> {
  const aside = `${directory}/${asideName}`;
  for (const each of [`${directory}/${indexName}`, `${directory}/index-read-only`, aside])
    await empty(fileSystem, each);
  if ((await fileSystem.stat(aside)) !== undefined) await fileSystem.rename(aside, `${directory}/${indexName}`);
  await fileSystem.syncDirectory(directory);
}

async function empty(fileSystem: FileSystem, directory: string): Promise<void> {
  const names = await filesIn(fileSystem, directory);
  for (const name of names) await fileSystem.unlink(`${directory}/${name}`);
  if (names.length > 0) await fileSystem.syncDirectory(directory);
}

async function filesIn(fileSystem: FileSystem, directory: string): Promise<readonly string[]> {
  return (await fileSystem.stat(directory)) === undefined ? [] : fileSystem.list(directory);
}
