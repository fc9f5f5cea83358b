/** What is said of a table that cannot be used as it is, with what to do. */
import { partitionKey, sortKey } from './table.ts';

export function noTable(name: string): string {
  return `There is no table "${name}" in this region. Create it with: event-store dynamodb create-table`;
}

export function wrongKeys(name: string): string {
  return `The table "${name}" needs the partition key "${partitionKey}" (S) and the sort key "${sortKey}" (N); these keys cannot be changed, so create another table.`;
}
