/** What is said of a table that cannot be used as it is, with what to do. */
import { partitionKey, sortKey } from './table.ts';

export function noTable(name: string): string {
  return `There is no table "${name}" in this region. Create it with: event-store dynamodb create-table`;
}

export function wrongKeys(name: string): string {
  return `The table "${name}" needs the partition key "${partitionKey}" (S) and the sort key "${sortKey}" (N); these keys cannot be changed, so create another table.`;
}

/** The SDK's name for having found none: nothing was sent. */
export const noCredentialsName = 'CredentialsProviderError';

export function noCredentials(said: string): string {
  return `No credentials for DynamoDB were found (${said}), so nothing was asked. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the task, function or machine a role; an emulator takes any.`;
}
