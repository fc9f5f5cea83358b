/** The few elements of SVG that plots consist of, and the colours of contenders. */

/** Ours is the one that is meant to be seen first. */
const ours = '#d9480f';
const others = ['#1c7ed6', '#2f9e44', '#7048e8', '#0c8599', '#e8a200', '#868e96', '#495057', '#c2255c'];
const ink = '#212529';

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** By its place among all contenders of a workload, so that one has one colour in all of its plots. */
export function colourOf(name: string, names: readonly string[]): string {
  const place = names.indexOf(name);
  return place <= 0 ? ours : (others[(place - 1) % others.length] as string);
}

/** A picture with a white ground, so that it is read on pages of any colour. */
export function picture(
  { title, width, height }: { title: string; width: number; height: number },
  elements: readonly string[],
): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const font = 'font-family="system-ui, sans-serif" font-size="13"';
  const ground = `<rect width="${width}" height="${height}" fill="#ffffff"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font}>\n<title>${escaped(title)}</title>\n${[ground, ...elements].join('\n')}\n</svg>\n`;
}

export function text(at: Place, content: string, more = ''): string {
  return `<text x="${round(at.x)}" y="${round(at.y)}" fill="${ink}"${more === '' ? '' : ` ${more}`}>${escaped(content)}</text>`;
}

export function line(from: Place, to: Place, { colour, width = 1 }: { colour: string; width?: number }): string {
  const ends = `x1="${round(from.x)}" y1="${round(from.y)}" x2="${round(to.x)}" y2="${round(to.y)}"`;
  return `<line ${ends} stroke="${colour}" stroke-width="${width}"/>`;
}

export function bar(at: Place, { width, height }: { width: number; height: number }, colour: string): string {
  const corner = `x="${round(at.x)}" y="${round(at.y)}"`;
  return `<rect ${corner} width="${round(width)}" height="${round(height)}" fill="${colour}"/>`;
}

export function path(places: readonly Place[], colour: string): string {
  const points = places.map(({ x, y }) => `${round(x)},${round(y)}`).join(' ');
  return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="2"/>`;
}

export function dot({ x, y }: Place, colour: string): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="3.5" fill="${colour}"/>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
