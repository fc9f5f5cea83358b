/** What the tests of the documentation take out of its pages: blocks of code, and tables. */
import { readFileSync } from 'node:fs';

export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  /** Of its first line in the page. */
  readonly line: number;
}

export function readPage(path: string): string {
  return readFileSync(path, 'utf8');
}

/** The fenced blocks of a page, in order. */
export function codeBlocks(page: string): readonly CodeBlock[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(({ 1: language = '', 2: text = '', index }) => ({
    language,
    text,
    line: page.slice(0, index).split('\n').length + 1,
  }));
}

/** The rows of all tables that have these columns, as one record of cells each. */
export function tableRows<Column extends string>(
  page: string,
  columns: readonly Column[],
): readonly Readonly<Record<Column, string>>[] {
  return page.split(/\n\n+/).flatMap((paragraph) => {
    const [head, rule, ...rows] = paragraph.trim().split('\n').map(cells);
    const isWanted = rule?.every((cell) => /^:?-+:?$/.test(cell)) && columns.every((column) => head?.includes(column));
    if (!isWanted) return [];
    return rows.map(
      (row) =>
        Object.fromEntries(columns.map((column) => [column, row[head?.indexOf(column) ?? -1] ?? ''])) as Record<
          Column,
          string
        >,
    );
  });
}

function cells(line: string): readonly string[] {
  return line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());
}

/** The words of a text that are written as code, without their back quotes. */
export function codeIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** The only word of a text that is written as code; empty if there is none. */
export function onlyCodeIn(text: string): string {
  return codeIn(text)[0] ?? '';
}

/** The parts of a page that begin with a heading of a level, by the heading's text. */
export function sections(page: string, level: number): ReadonlyMap<string, string> {
  const heading = new RegExp(`^#{${level}} +(.+)$`, 'm');
  const parts = page
    .split(new RegExp(`^(?=#{1,${level}} )`, 'm'))
    .filter((part) => heading.test(part.split('\n', 1)[0] ?? ''));
  return new Map(parts.map((part) => [heading.exec(part)?.[1] ?? '', part]));
}
