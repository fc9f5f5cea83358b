import type { Spread } from '../measure/spread.ts';
import type { Comparison } from '../workloads/workload.ts';

/** A comparison as lines of a terminal. */
export function printComparison({ title, figure: what, unit, contenders }: Comparison): string {
  const lines = contenders.map(({ name, figure, firstAgainstThis, anonymousMiBMax }) => {
    const memory = anonymousMiBMax === undefined ? '' : `, RssAnon ${anonymousMiBMax.toFixed(0)} MiB at most`;
    return `    ${name.padEnd(22)} ${printSpread(figure)}  ratio ${printSpread(firstAgainstThis)}${memory}`;
  });
  return [`\n  ${title}, ${what}, ${unit}`, ...lines].join('\n');
}

export function printSpread({ median, min, max }: Spread): string {
  const [middle, least, most] = [median, min, max].map(printFigure);
  return `${middle} (${least} to ${most})`;
}

/** Three digits that count, and no fraction where it would be noise. */
export function printFigure(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en');
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
