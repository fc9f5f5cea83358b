/**
 * Query parameters, read strictly: every name is known, none is given twice unless it may be, and
 * numbers are plain decimal digits. `+` is a space, as forms and `URLSearchParams` write it.
 */
import { EventStoreError } from '@event-store/core';
import { decodeStrictly, wholeNumber } from './stream-path.ts';

export class Query {
  static readonly #empty = new Query(new Map());

  readonly #values: ReadonlyMap<string, readonly string[]>;

  private constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  /** @throws EventStoreError `unknown-parameter`; `invalid-parameter` where a value cannot be decoded. */
  static parse(target: string, names: readonly string[]): Query {
    const start = target.indexOf('?');
    if (start < 0) return Query.#empty;
    const values = new Map<string, string[]>();
    for (const pair of target.slice(start + 1).split('&')) {
      if (pair === '') continue;
      const [name, value] = parsePair(pair, names);
      const others = values.get(name);
      if (others === undefined) values.set(name, [value]);
      else others.push(value);
    }
    return new Query(values);
  }

  /** Every value of a parameter that may be repeated. */
  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  text(name: string): string | undefined {
    const values = this.all(name);
    if (values.length > 1) throw invalidParameter(name, 'is given more than once');
    return values[0];
  }

  number(name: string, { min, max }: { min: number; max: number }): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = wholeNumber(text);
    if (number === undefined || number < min || number > max) {
      throw invalidParameter(name, `must be a whole number from ${min} to ${max}`);
    }
    return number;
  }
}

export function invalidParameter(name: string, what: string): EventStoreError {
  return new EventStoreError('invalid-parameter', `The parameter "${name}" ${what}.`, { details: { name } });
}

function parsePair(pair: string, names: readonly string[]): readonly [name: string, value: string] {
  const middle = pair.indexOf('=');
  const name = decodeParameter(middle < 0 ? pair : pair.slice(0, middle));
  if (name === undefined || !names.includes(name)) {
    const known = names.length === 0 ? 'This path takes none.' : `Known here: ${names.join(', ')}.`;
    const which = name === undefined ? 'A parameter' : `The parameter "${name}"`;
    throw new EventStoreError('unknown-parameter', `${which} is not known. ${known}`, {
      details: name === undefined ? {} : { name },
    });
  }
  const value = decodeParameter(middle < 0 ? '' : pair.slice(middle + 1));
  if (value === undefined) throw invalidParameter(name, 'is not valid percent-encoded UTF-8');
  return [name, value];
}

function decodeParameter(text: string): string | undefined {
  return decodeStrictly(text.replaceAll('+', ' '));
}
