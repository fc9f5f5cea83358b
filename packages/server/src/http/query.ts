/**
 * Query parameters, read strictly: every name is known, none is given twice unless it may be, and
 * numbers are plain decimal digits. `+` is a space, as forms and `URLSearchParams` write it.
 */
import { EventStoreError } from '@event-store/core';
import { decodeStrictly, wholeNumber } from './stream-path.ts';

export class Query {
  readonly #values = new Map<string, string[]>();

  /** @throws EventStoreError `unknown-parameter`, `invalid-parameter`. */
  constructor(target: string, names: readonly string[]) {
    const start = target.indexOf('?');
    if (start < 0) return;
    for (const pair of target.slice(start + 1).split('&')) {
      if (pair !== '') this.#add(pair, names);
    }
  }

  #add(pair: string, names: readonly string[]): void {
    const middle = pair.indexOf('=');
    const name = decodeParameter(middle < 0 ? pair : pair.slice(0, middle));
    if (name === undefined || !names.includes(name)) {
      const known = names.length === 0 ? 'This path takes none.' : `Known here: ${names.join(', ')}.`;
      throw new EventStoreError('unknown-parameter', `A query parameter is not known. ${known}`, {
        details: name === undefined ? {} : { name },
      });
    }
    const value = decodeParameter(middle < 0 ? '' : pair.slice(middle + 1));
    if (value === undefined) throw invalidParameter(name, 'is not valid percent-encoded UTF-8');
    const values = this.#values.get(name);
    if (values === undefined) this.#values.set(name, [value]);
    else values.push(value);
  }

  /** For paths that take no parameters. */
  static refuse(target: string): void {
    if (target.includes('?')) new Query(target, []);
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

function decodeParameter(text: string): string | undefined {
  return decodeStrictly(text.replaceAll('+', ' '));
}
