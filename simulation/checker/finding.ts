/** What the checker finds: the invariant that is broken, and by what. */
export const invariants = {
  I1: 'a stream has versions 1, 2, 3, …',
  I2: 'the feed has positions 1, 2, 3, …, and restricted to a stream it is that stream',
  I3: 'what an append was told is where its very bytes are stored',
  I4: 'appends are whole, and no end that anybody is told is inside of one',
  I5: 'one event for each name, and no request is stored twice',
  I6: 'a refused append left nothing',
  I7: 'an append with an expected version got exactly that',
  I8: 'the version in a conflict was the true one at some instant of the call',
  I9: 'there is one order of everything that agrees with real time',
  I10: 'what anybody ever saw is stored',
  I11: 'readers get what passes from their cursor on, in order, without a gap, also over connections',
  I12: 'after healing every subscriber reaches the end',
  I13: 'times never decrease along the feed',
  I14: 'a clean restart changes nothing',
  I15: 'a request that is sent again answers what it answered first',
} as const;

export type InvariantId = keyof typeof invariants;

export interface Finding {
  readonly invariant: InvariantId;
  readonly message: string;
}

export function printFinding({ invariant, message }: Finding): string {
  return `${invariant} (${invariants[invariant]}): ${message}`;
}
