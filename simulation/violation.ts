/**
 * Something that must never happen, under the name that the documentation gives it: an invariant of
 * the checker (`I3`) or a promise (`P-07`).
 */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly rule: Rule;

  constructor(rule: Rule, message: string, options?: { cause: unknown }) {
    super(`${rule}: ${message}`, options);
    this.rule = rule;
  }
}

export type Rule = `I${number}` | `P-${number}${number}`;

/** @throws Violation of `rule` unless `condition` holds. */
export function hold(rule: Rule, condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new Violation(rule, typeof message === 'string' ? message : message());
}
