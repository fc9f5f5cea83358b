/** Verifies a disk image of the simulated machine. */
import { type DiskImage, durableDirectory } from '../../../../simulation/file-system/simulated-directory.ts';
import { SimulatedFileSystem } from '../../../../simulation/file-system/simulated-file-system.ts';
import { type VerifyReport, verifyStore } from '../../src/verify/verify-store.ts';

export function verifyImage(image: DiskImage, options: { readonly idsMax?: number } = {}): Promise<VerifyReport> {
  const fileSystem = new SimulatedFileSystem({ state: durableDirectory(image) });
  return verifyStore({
    ...options,
    fileSystem,
    directory: '/data',
    lock: async () => ({ release: () => {} }),
    openIndex: () => Promise.reject(new Error('there is no LMDB on a simulated disk')),
  });
}
