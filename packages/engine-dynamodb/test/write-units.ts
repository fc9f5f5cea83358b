/** Write units by Amazon's rules from the bytes of items: one a KB, in a transaction two, also for conditions that fail. */
export interface Attributes {
  readonly [name: string]: { readonly S?: string; readonly N?: string };
}

function itemWriteUnits(item: Attributes): number {
  let bytes = 0;
  for (const [name, { S, N }] of Object.entries(item)) {
    bytes += Buffer.byteLength(name);
    bytes += S === undefined ? Math.ceil((N ?? '').length / 2) + 1 : Buffer.byteLength(S);
  }
  return Math.ceil(bytes / 1024);
}

export interface WriteRequest {
  readonly Item?: Attributes;
  readonly ConditionExpression?: string;
  readonly TransactItems?: readonly {
    readonly Put?: { readonly Item: Attributes; readonly ConditionExpression?: string };
  }[];
}

export function writeUnits({ Item, TransactItems = [] }: WriteRequest): number {
  let units = Item === undefined ? 0 : itemWriteUnits(Item);
  for (const { Put } of TransactItems) units += Put === undefined ? 0 : 2 * itemWriteUnits(Put.Item);
  return units;
}
