import { randomBytes } from 'node:crypto';
import type { RandomSource } from './world.ts';

/** 96 random bits: no two alike among more writes than a table will ever see. */
export const systemRandom: RandomSource = {
  nonce: () => randomBytes(12).toString('base64url'),
  fraction: () => randomBytes(4).readUInt32LE() / 2 ** 32,
};
