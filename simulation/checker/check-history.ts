/**
 * The checker: everything that must hold of a recorded history. The order of writing is given by
 * versions and positions, so one pass over what is stored, one over what was told and one sweep
 * in time are enough, whatever the length of the history.
 */
import { checkAppends } from './check-appends.ts';
import { checkOrder, type OrderScope } from './check-order.ts';
import { checkReads, checkSubscribers } from './check-reads.ts';
import { checkFeed, checkRestart, checkStreams, checkTimes } from './check-stored.ts';
import { type Finding, printFinding } from './finding.ts';
import type { History } from './history.ts';
import { StoredState } from './stored-state.ts';

export interface Claims {
  /** Of what the store claims one order that agrees with real time. */
  readonly order: OrderScope;
  /** Whether times never go back along the feed. */
  readonly ordersTimes: boolean;
  /** How long subscribers may take to reach the end when all faults are over. */
  readonly catchUpMsMax: number;
}

/** What the embedded engine claims. */
export const embeddedClaims: Claims = { order: 'store', ordersTimes: true, catchUpMsMax: 5_000 };

export function checkHistory(history: History, claims: Claims = embeddedClaims): readonly Finding[] {
  const state = new StoredState(history);
  return [
    ...checkStreams(state),
    ...checkFeed(state),
    ...checkAppends(state),
    ...checkReads(history, state),
    ...checkSubscribers(history, state, claims),
    ...(claims.ordersTimes ? checkTimes(state) : []),
    ...checkRestart(history),
    ...checkOrder(history, state, claims.order),
  ];
}

/** @throws an error that names what was found, the first few of it. */
export function expectNoFinding(history: History, claims: Claims = embeddedClaims): void {
  const findings = checkHistory(history, claims);
  if (findings.length === 0) return;
  const shown = findings.slice(0, findingsShownMax).map(printFinding);
  throw new Error(`${findings.length} findings\n${shown.join('\n')}`);
}

const findingsShownMax = 10;
