/** Changes source text while it is loaded, in this thread only; nothing on disk is touched. */
import { registerHooks } from 'node:module';
import type { Edit } from './planted-bug.ts';

const root = new URL('../../', import.meta.url).href;

/** Plants edits into what is imported from now on; call what it returns once that is loaded, to be sure of all. */
export function plantEdits(edits: readonly Edit[]): () => void {
  const planted = new Set<Edit>();
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const own = edits.filter(({ file }) => url === root + file);
      if (own.length === 0) return loaded;
      let source = String(loaded.source);
      for (const edit of own) {
        if (source.split(edit.find).length !== 2) throw new Error(`Not once in ${edit.file}: ${edit.find}`);
        source = source.replace(edit.find, () => edit.replace);
        planted.add(edit);
      }
      return { ...loaded, source };
    },
  });
  return () => {
    const missing = edits.find((edit) => !planted.has(edit));
    if (missing !== undefined) throw new Error(`${missing.file}, which is to be changed, was not loaded`);
  };
}
