import { utf8Bytes } from '@event-store/core';
import type { Item } from './table.ts';

/** The size of an item by DynamoDB's rules: UTF-8 of names and texts; a number takes half its digits and one. */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) {
    bytes += utf8Bytes(name);
    bytes += typeof value === 'string' ? utf8Bytes(value) : Math.ceil(String(value).length / 2) + 1;
  }
  return bytes;
}
