/** A line that is drawn over itself while a long work goes on. */
export interface ProgressBar {
  readonly show: (progress: { readonly items: number; readonly totalItems: number | undefined }) => void;
  readonly end: () => void;
}

const width = 30;

export function progressBar(print: (text: string) => void, unit = 'items'): ProgressBar {
  return {
    show({ items, totalItems }) {
      if (totalItems === undefined) {
        print(`\r${items} ${unit}`);
        return;
      }
      const done = Math.min(1, items / totalItems);
      const bar = '#'.repeat(Math.round(done * width)).padEnd(width, '.');
      print(`\r[${bar}] ${Math.floor(done * 100)} %, ${items} ${unit}`);
    },
    end: () => print('\n'),
  };
}
