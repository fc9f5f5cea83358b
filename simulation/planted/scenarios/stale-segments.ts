/** A segment in the log that is of a copy of the same store, which went its own way. */
import { checkDamaged } from '../../engine-log/check-damaged.ts';
import { KeptIndex } from '../../engine-log/kept-index.ts';
import { smallSegmentBytes, smallStore } from '../../engine-log/small-store.ts';
import { after, hold } from '../../violation.ts';

export async function run(seed: number): Promise<void> {
  const store = await smallStore();
  const other = await smallStore({ life: '.'.repeat(seed) });
  for (const path of store.segments.filter((each) => other.image.has(each))) {
    const image = new Map(store.image).set(path, other.image.get(path));
    const checked = checkDamaged(image, { ...store, segmentBytes: smallSegmentBytes, index: new KeptIndex() });
    const { outcome } = await after(path, checked);
    hold('P-04', outcome === 'read-only', `with a ${path} of another life the store is ${outcome}`);
  }
}
