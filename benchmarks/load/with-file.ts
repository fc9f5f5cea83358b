import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Lets `work` use a file of this content, for programs that take what is too long for an argument. */
export async function withFile<Result>(content: string, work: (path: string) => Promise<Result>): Promise<Result> {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'event-store-bench-'));
  const path = join(folder.path, 'file');
  writeFileSync(path, content);
  return await work(path);
}
