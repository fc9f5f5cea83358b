import type { Comparison } from '../workloads/workload.ts';
import { colourOf, dot, line, type Place, path, picture, text } from './drawing.ts';

const width = 760;
const height = 380;
const plot = { left: 80, right: 540, top: 40, bottom: 330 };
const grid = '#dee2e6';
const legendRow = 20;

type At = NonNullable<Comparison['at']>;

/** A line for each contender over what the workload varies, both axes logarithmic. */
export function drawCurves(title: string, comparisons: readonly Comparison[]): string {
  const points = comparisons.flatMap(({ at, contenders }) =>
    contenders.map(({ name, figure }) => ({ name, at: (at as At).value, value: figure.median })),
  );
  const [first] = comparisons;
  const names = [...new Set(points.map(({ name }) => name))];
  const places = [...new Set(points.map(({ at }) => at))].sort((a, b) => a - b);
  const values = points.map(({ value }) => value);
  const decades = decadesAround(values);
  const x = scale([places[0] ?? 1, places.at(-1) ?? 1], [plot.left, plot.right]);
  const y = scale([decades[0] ?? 1, decades.at(-1) ?? 1], [plot.bottom, plot.top]);
  const elements = [
    text({ x: plot.left, y: 22 }, `${first?.figure}, ${first?.unit}`, 'font-weight="600"'),
    text({ x: (plot.left + plot.right) / 2, y: height - 10 }, first?.at?.axis ?? '', 'text-anchor="middle"'),
    ...decades.flatMap((value) => [
      line({ x: plot.left, y: y(value) }, { x: plot.right, y: y(value) }, { colour: grid }),
      text({ x: plot.left - 8, y: y(value) + 4 }, value.toLocaleString('en'), 'text-anchor="end"'),
    ]),
    ...places.map((value) =>
      text({ x: x(value), y: plot.bottom + 20 }, value.toLocaleString('en'), 'text-anchor="middle"'),
    ),
  ];
  // The first one is drawn last, so that it lies on top of the others.
  for (const [row, name] of [...names.entries()].reverse()) {
    const own = points.filter((point) => point.name === name);
    const curve: readonly Place[] = own.map(({ at, value }) => ({ x: x(at), y: y(value) }));
    const colour = colourOf(name, names);
    const legend = { x: plot.right + 30, y: plot.top + row * legendRow };
    elements.push(path(curve, colour), ...curve.map((place) => dot(place, colour)));
    elements.push(dot(legend, colour), text({ x: legend.x + 12, y: legend.y + 4 }, name));
  }
  return picture({ title, width, height }, elements);
}

function decadesAround(values: readonly number[]): readonly number[] {
  const least = Math.floor(Math.log10(Math.min(...values)));
  const most = Math.max(least + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: most - least + 1 }, (_, index) => Number(`1e${least + index}`));
}

function scale([from, to]: readonly [number, number], [start, end]: readonly [number, number]) {
  const span = Math.log(to) - Math.log(from);
  return (value: number) => (span === 0 ? start : start + ((Math.log(value) - Math.log(from)) / span) * (end - start));
}
