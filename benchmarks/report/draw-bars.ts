import type { Comparison } from '../workloads/workload.ts';
import { bar, colourOf, line, picture, text } from './drawing.ts';
import { printFigure } from './print-comparison.ts';

const width = 760;
const nameWidth = 210;
const barWidthMax = 400;
const barHeight = 16;
const rowHeight = 23;
const headHeight = 30;
const margin = 12;

/**
 * A bar for each contender, group by group; each group has a scale of its own from zero on. The
 * line across the end of a bar goes from the least to the most of all rounds.
 */
export function drawBars(title: string, comparisons: readonly Comparison[]): string {
  const names = [...new Set(comparisons.flatMap(({ contenders }) => contenders.map(({ name }) => name)))];
  const elements: string[] = [];
  let y = margin;
  for (const { title: group, unit, contenders } of comparisons) {
    elements.push(text({ x: margin, y: y + 16 }, `${group}, ${unit}`, 'font-weight="600"'));
    y += headHeight;
    const most = Math.max(...contenders.map(({ figure }) => figure.max));
    const widthOf = (value: number) => (value / most) * barWidthMax;
    for (const { name, figure } of contenders) {
      const middle = y + barHeight / 2;
      const at = { x: nameWidth, y };
      const [from, to] = [figure.min, figure.max].map((value) => ({ x: nameWidth + widthOf(value), y: middle }));
      const label = { x: nameWidth + widthOf(figure.max) + 8, y: y + 13 };
      elements.push(
        text({ x: nameWidth - 8, y: y + 13 }, name, 'text-anchor="end"'),
        bar(at, { width: widthOf(figure.median), height: barHeight }, colourOf(name, names)),
        line(from as typeof at, to as typeof at, { colour: '#212529', width: 2 }),
        text(label, printFigure(figure.median)),
      );
      y += rowHeight;
    }
    y += margin;
  }
  return picture({ title, width, height: y }, elements);
}
