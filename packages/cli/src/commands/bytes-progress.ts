import { progressBar } from './progress-bar.ts';

export interface BytesProgress {
  readonly show: (bytes: number, totalBytes: number) => void;
  readonly end: () => void;
}

const unitBytes = 1024 * 1024;

/** A bar for work that is counted in bytes, redrawn when it has grown; draws nothing where `print` is absent. */
export function bytesProgress(print: ((text: string) => void) | undefined): BytesProgress {
  if (print === undefined) return { show: () => {}, end: () => {} };
  const bar = progressBar(print, 'MiB');
  let shown = -1;
  return {
    show(bytes, totalBytes) {
      const items = Math.floor(bytes / unitBytes);
      if (items === shown) return;
      shown = items;
      bar.show({ items, totalItems: totalBytes / unitBytes });
    },
    end() {
      if (shown >= 0) bar.end();
      shown = -1;
    },
  };
}
