/**
 * Something that must never happen, under the name that the documentation gives it: an invariant of
 * the checker (`I3`) or a promise (`P-07`).
 */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly rule: Rule;
  /** The message without the rule. */
  readonly what: string;

  constructor(rule: Rule, what: string, options?: { cause: unknown }) {
    super(`${rule}: ${what}`, options);
    this.rule = rule;
    this.what = what;
  }
}

export type Rule = `I${number}` | `P-${number}${number}`;

/** @throws Violation of `rule` unless `condition` holds. */
export function hold(rule: Rule, condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new Violation(rule, typeof message === 'string' ? message : message());
}

/** Says with whatever is found what was done before. */
export async function after<Result>(what: string | (() => string), checked: Promise<Result>): Promise<Result> {
  try {
    return await checked;
  } catch (cause) {
    const before = typeof what === 'string' ? what : what();
    if (cause instanceof Violation) throw new Violation(cause.rule, `${before}: ${cause.what}`, { cause });
    throw new Error(before, { cause });
  }
}
