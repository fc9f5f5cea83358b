/**
 * Notices that the process died while it opened the index: LMDB maps its file into memory, and a
 * file that was cut or overwritten may end the process instead of reporting an error. The next
 * start then builds the index anew instead of dying at the same place.
 */
import { createFile, type FileSystem, isDiskFull } from '../file-system.ts';

const markerName = 'index-starting';

/** Runs `start`, telling it whether the last one did not come back. */
export async function withStartingMarker<T>(
  fileSystem: FileSystem,
  directory: string,
  start: (lastOneDied: boolean) => Promise<T>,
): Promise<T> {
  const path = `${directory}/${markerName}`;
  const lastOneDied = (await fileSystem.stat(path)) !== undefined;
  if (!lastOneDied)
    await createFile(fileSystem, { directory, name: markerName, content: Buffer.alloc(0) }).catch(unlessFull);
  try {
    return await start(lastOneDied);
  } finally {
    if ((await fileSystem.stat(path)) !== undefined) await fileSystem.unlink(path);
  }
}

/** On a full disk the start goes on without a marker. */
function unlessFull(error: unknown): void {
  if (!isDiskFull(error)) throw error;
}
