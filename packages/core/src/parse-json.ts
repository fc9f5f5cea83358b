/**
 * JSON as it arrives from outside: bounded depth, and numbers that lose nothing by being parsed.
 */
import { EventStoreError } from './errors.ts';

/**
 * Parses one JSON document.
 *
 * @throws EventStoreError `json-too-deep`, before anything is built; `invalid-json`.
 */
export function parseJson(text: string, depthMax: number): unknown {
  if (isDeeperThan(text, depthMax)) {
    throw new EventStoreError('json-too-deep', `The body is nested deeper than ${depthMax} levels.`, {
      details: { limit: depthMax },
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = text === '' ? 'the body is empty' : (cause as SyntaxError).message;
    throw new EventStoreError('invalid-json', `The body is not one JSON document: ${reason}.`, { cause });
  }
}

const quote = 0x22;
const backslash = 0x5c;

/** Counts brackets outside strings, jumping from quote to quote, where there are enough of them at all. */
function isDeeperThan(text: string, depthMax: number): boolean {
  if (!holdsMore(text, depthMax)) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === quote) {
      i = endOfString(text, i);
      if (i < 0) return false;
    } else if (unit === 0x7b || unit === 0x5b) {
      if (++depth > depthMax) return true;
    } else if (unit === 0x7d || unit === 0x5d) {
      depth--;
    }
  }
  return false;
}

/** Whether there are more than `count` brackets that open something, wherever they stand. */
function holdsMore(text: string, count: number): boolean {
  let found = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++found > count) return true;
    }
  }
  return false;
}

/** The index of the quote that closes the string opened at `start`; -1 when nothing does. */
function endOfString(text: string, start: number): number {
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end < 0) return -1;
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return end;
  }
}

/** Stands in a tree from `parseMarkingInexact` for each number whose value parsing would change. */
const inexact = Symbol('inexact number');

/** Parses valid JSON text again, with a mark in place of every number that a double cannot hold. */
export function parseMarkingInexact(text: string): unknown {
  return (JSON.parse as (text: string, reviver: SourceReviver) => unknown)(text, (_key, value, context) =>
    typeof value === 'number' && !isExact(context.source ?? '', value) ? inexact : value,
  );
}

/** The reviver of the "JSON.parse source text access" proposal, which V8 has and the types lack. */
type SourceReviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/** Whether a number stands anywhere in a parsed tree. */
export function holdsNumber(value: unknown): boolean {
  return holds(value, (leaf) => typeof leaf === 'number');
}

/** Whether a tree from `parseMarkingInexact` holds a mark. */
export function holdsInexact(value: unknown): boolean {
  return holds(value, (leaf) => leaf === inexact);
}

function holds(value: unknown, test: (leaf: unknown) => boolean): boolean {
  if (typeof value !== 'object' || value === null) return test(value);
  return Object.values(value).some((member) => holds(member, test));
}

function isExact(source: string, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  const printed = String(value);
  return printed === source || canonicalDecimal(printed) === canonicalDecimal(source);
}

/** One spelling for each decimal value: sign, digits without outer zeros, exponent of ten. */
function canonicalDecimal(source: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source);
  if (match === null) return source;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + (digits.length - significant.length)}`;
}
