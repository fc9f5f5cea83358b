/**
 * The port on Amazon's SDK, and the only file that knows it. The SDK's own retries are off: it
 * would report a write that an earlier try had stored as a conflict. Errors are told by name.
 */
import {
  type AttributeValue,
  type CancellationReason,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
  paginateScan,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteItemsCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  type Item,
  type PutAttempt,
  partitionKey,
  QueryFailure,
  type QueryPage,
  type ReplaceAttempt,
  sortKey,
  type Table,
  type TableQuery,
  type TransactionAttempt,
  text,
} from './table.ts';
import { noCredentialsName } from './table-problems.ts';

/** How long one request may take. What takes longer may still be stored. */
const requestMs = 3_000;
const connectMs = 1_000;

/** Requests at once: reads of the feed send many. */
const socketsMax = 256;

export interface SdkTableOptions {
  readonly table: string;
  /** From the environment when left out, like the credentials. */
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
}

export class SdkTable implements Table {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor({ table, region, endpoint }: SdkTableOptions) {
    this.#tableName = table;
    this.#client = new DynamoDBClient({
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { endpoint }),
      maxAttempts: 1,
      requestHandler: {
        requestTimeout: requestMs,
        throwOnRequestTimeout: true,
        connectionTimeout: connectMs,
        httpAgent: { maxSockets: socketsMax },
        httpsAgent: { maxSockets: socketsMax },
      },
    });
    // It copies every request and answer for a log that nobody keeps.
    this.#client.middlewareStack.remove('loggerMiddleware');
  }

  async put(item: Item): Promise<PutAttempt> {
    const attempt = await this.#put(this.#putIfAbsent(item));
    // Something was in the way, and is not said: the same again will tell.
    return attempt.outcome === 'absent' ? { outcome: 'not-applied' } : attempt;
  }

  replace(item: Item, revision: number): Promise<ReplaceAttempt> {
    return this.#put({
      ...this.#putIfAbsent(item),
      ConditionExpression: '#name = :name AND #revision = :revision',
      ExpressionAttributeNames: { '#name': 'name', '#revision': 'revision' },
      ExpressionAttributeValues: { ':name': { S: text(item, 'name') }, ':revision': { N: String(revision) } },
    });
  }

  async #put(input: PutItemCommandInput): Promise<ReplaceAttempt> {
    try {
      await this.#client.send(new PutItemCommand(input));
      return { outcome: 'applied' };
    } catch (error) {
      const { name, Item: inTheWay } = error as { name?: string; Item?: Attributes };
      if (name !== 'ConditionalCheckFailedException') return failedWrite(error);
      return inTheWay === undefined ? { outcome: 'absent' } : { outcome: 'taken', item: toItem(inTheWay) };
    }
  }

  async transactPut(items: readonly Item[], token: string): Promise<TransactionAttempt> {
    try {
      const TransactItems = items.map((item) => ({ Put: this.#putIfAbsent(item) }));
      await this.#client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken: token }));
      return { outcome: 'applied' };
    } catch (error) {
      const { name, CancellationReasons: reasons } = error as {
        name?: string;
        CancellationReasons?: CancellationReason[];
      };
      if (name !== 'TransactionCanceledException') return failedWrite(error);
      if (reasons?.some(({ Code }) => Code === 'ValidationError')) return { outcome: 'invalid', cause: error };
      return { outcome: 'cancelled', inTheWay: items.map((_, index) => inTheWay(reasons?.[index])) };
    }
  }

  async query(query: TableQuery): Promise<QueryPage> {
    try {
      const { Items = [], LastEvaluatedKey: last } = await this.#client.send(new QueryCommand(this.#queryInput(query)));
      const next = last?.[sortKey]?.N;
      return { items: Items.map(toItem), next: next === undefined ? undefined : Number(next) };
    } catch (error) {
      throw new QueryFailure(failureKind(error), error);
    }
  }

  /** Creates the table, billed by request, and waits until it can be used. Needs more than the engine does. */
  async create(): Promise<void> {
    await this.#client.send(
      new CreateTableCommand({
        TableName: this.#tableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: partitionKey, AttributeType: 'S' },
          { AttributeName: sortKey, AttributeType: 'N' },
        ],
        KeySchema: [
          { AttributeName: partitionKey, KeyType: 'HASH' },
          { AttributeName: sortKey, KeyType: 'RANGE' },
        ],
      }),
    );
    await waitUntilTableExists({ client: this.#client, maxWaitTime: 120 }, { TableName: this.#tableName });
  }

  /** Whether the keys of a table that is there are those that `create` gives it. Needs `DescribeTable`. */
  async hasKeys(): Promise<boolean> {
    const { Table } = await this.#client.send(new DescribeTableCommand({ TableName: this.#tableName }));
    const types = new Map(Table?.AttributeDefinitions?.map((each) => [each.AttributeName, each.AttributeType]));
    const keys = Table?.KeySchema?.map(
      (each) => `${each.KeyType} ${each.AttributeName} ${types.get(each.AttributeName)}`,
    );
    return keys?.toSorted().join() === `HASH ${partitionKey} S,RANGE ${sortKey} N`;
  }

  /** Every item, without its data. */
  async *scan(): AsyncGenerator<readonly Item[]> {
    const names = [partitionKey, sortKey, 'batch', 'lane', 'nonce', 'entries', 'seal', 'ranges', 'lanes', 'mark'];
    const input = {
      TableName: this.#tableName,
      ConsistentRead: true,
      ProjectionExpression: names.map((_, index) => `#n${index}`).join(', '),
      ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#n${index}`, name])),
    };
    for await (const { Items = [] } of paginateScan({ client: this.#client }, input)) yield Items.map(toItem);
  }

  /** Amazon's count, up to some hours old; `undefined` where the permission for it is missing. */
  async approximateItems(): Promise<number | undefined> {
    try {
      const { Table } = await this.#client.send(new DescribeTableCommand({ TableName: this.#tableName }));
      return Table?.ItemCount || undefined;
    } catch (error) {
      if (failureKind(error) === 'denied' && nameOf(error) !== 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }

  close(): void {
    this.#client.destroy();
  }

  #putIfAbsent(item: Item) {
    return {
      TableName: this.#tableName,
      Item: toAttributes(item),
      ConditionExpression: 'attribute_not_exists(#sort)',
      ExpressionAttributeNames: { '#sort': sortKey },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
  }

  #queryInput({ partition, from, through, direction, limit, consistency, after }: TableQuery): QueryCommandInput {
    const conditions = ['#partition = :partition'];
    const values: Record<string, AttributeValue> = { ':partition': { S: partition } };
    if (from !== undefined) values[':from'] = { N: String(from) };
    if (through !== undefined) values[':through'] = { N: String(through) };
    if (from !== undefined && through !== undefined) conditions.push('#sort BETWEEN :from AND :through');
    else if (from !== undefined) conditions.push('#sort >= :from');
    else if (through !== undefined) conditions.push('#sort <= :through');
    return {
      TableName: this.#tableName,
      KeyConditionExpression: conditions.join(' AND '),
      ExpressionAttributeNames: {
        '#partition': partitionKey,
        ...(conditions.length > 1 && { '#sort': sortKey }),
      },
      ExpressionAttributeValues: values,
      ScanIndexForward: direction === 'forward',
      ConsistentRead: consistency === 'strong',
      ...(limit !== undefined && { Limit: limit }),
      ...(after !== undefined && {
        ExclusiveStartKey: { [partitionKey]: { S: partition }, [sortKey]: { N: String(after) } },
      }),
    };
  }
}

type Attributes = Record<string, AttributeValue>;

function toAttributes(item: Item): Attributes {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(item)) {
    attributes[name] = typeof value === 'number' ? { N: String(value) } : { S: value };
  }
  return attributes;
}

function toItem(attributes: Attributes): Item {
  const item: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value.S !== undefined) item[name] = value.S;
    else if (value.N !== undefined) item[name] = Number(value.N);
  }
  return item;
}

function inTheWay(reason: CancellationReason | undefined): Item | 'unsaid' | undefined {
  if (reason?.Item !== undefined) return toItem(reason.Item);
  return reason?.Code === 'ConditionalCheckFailed' ? 'unsaid' : undefined;
}

/** Nothing was stored: there was no room, or another transaction was at work on the same item. */
const notApplied = new Set([
  'ThrottlingException',
  'Throttling',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'TransactionConflictException',
]);

/** A transaction with the same token is still under way. */
const inProgress = 'TransactionInProgressException';

function failedWrite(error: unknown): Exclude<PutAttempt, { outcome: 'applied' | 'taken' }> {
  const kind = failureKind(error);
  if (kind !== 'again') return { outcome: kind, cause: error };
  return { outcome: notApplied.has(nameOf(error)) ? 'not-applied' : 'unknown' };
}

/** A refusal is a 4xx answer, or no request at all for want of credentials; anything else may pass. */
function failureKind(error: unknown): QueryFailure['kind'] {
  const name = nameOf(error);
  if (notApplied.has(name) || name === inProgress) return 'again';
  if (name === noCredentialsName) return 'denied';
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (status === undefined || status >= 500 || status < 400) return 'again';
  return name === 'ValidationException' || name === 'ConditionalCheckFailedException' ? 'invalid' : 'denied';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
