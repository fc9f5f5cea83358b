/** What is wrong with a table is said before anything is served, and how to mend it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, it } from 'node:test';
import { openDynamodbEngine } from '@event-store/engine-dynamodb';
import { createTable, type Emulator, startDynoxide } from './emulator.ts';

let emulator: Emulator;
before(async () => {
  emulator = await startDynoxide();
});
after(() => emulator.stop());

it('a table that does not exist', async () => {
  const address = { table: 'nowhere', region: 'eu-central-1', endpoint: emulator.endpoint };
  await assert.rejects(openDynamodbEngine(address), {
    name: 'StartError',
    kind: 'configuration',
    message: /create-table/,
  });
});

it('a table with other keys', async () => {
  const { table, region, endpoint } = await createTable(emulator);
  await callEmulator('CreateTable', {
    TableName: `${table}-other`,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  const opening = openDynamodbEngine({ table: `${table}-other`, region, endpoint });
  await assert.rejects(opening, { name: 'StartError', kind: 'configuration', message: /Entity ID/ });
});

it('a credential that may not read it', async () => {
  const denying = createServer((_, response) => {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end('{"__type":"com.amazon.coral.service#AccessDeniedException","message":"no"}');
  }).listen(0, '127.0.0.1');
  await once(denying, 'listening');
  const endpoint = `http://127.0.0.1:${(denying.address() as AddressInfo).port}`;
  const opening = openDynamodbEngine({ table: 'events', region: 'eu-central-1', endpoint });
  await assert.rejects(opening, { name: 'StartError', kind: 'configuration', message: /dynamodb policy/ });
  denying.closeAllConnections();
  denying.close();
});

it('nobody there', async () => {
  const opening = openDynamodbEngine({ table: 'events', region: 'eu-central-1', endpoint: 'http://127.0.0.1:9' });
  await assert.rejects(opening, { name: 'StartError', kind: 'configuration', message: /does not answer/ });
});

async function callEmulator(operation: string, body: unknown): Promise<void> {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-date': '20260101T000000Z',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
    authorization:
      'AWS4-HMAC-SHA256 Credential=a/20260101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=b',
  };
  const answer = await fetch(emulator.endpoint, { method: 'POST', headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, await answer.text());
}
