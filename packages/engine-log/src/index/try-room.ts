import { createFile, type FileSystem } from '../file-system.ts';

const roomBytes = 1024 * 1024;

/** Whether the disk has room, found out before or after LMDB needs it; throws the disk's error when it has none. */
export async function tryRoom(fileSystem: FileSystem, directory: string): Promise<void> {
  const name = 'room';
  await createFile(fileSystem, { directory, name, content: Buffer.alloc(roomBytes) });
  await fileSystem.unlink(`${directory}/${name}`);
}
