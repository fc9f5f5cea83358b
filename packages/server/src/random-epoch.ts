import { randomBytes } from 'node:crypto';

const epochBytes = 9;

/** The name of an epoch: never the same twice, in any process. */
export function randomEpoch(): string {
  return randomBytes(epochBytes).toString('base64url');
}
