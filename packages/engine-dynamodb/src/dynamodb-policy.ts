/** The least that an instance must be allowed: a transaction of puts is governed by `PutItem`. */
export function dynamodbPolicy({
  table,
  region = '*',
}: {
  readonly table: string;
  readonly region?: string | undefined;
}) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['dynamodb:PutItem', 'dynamodb:Query'],
        Resource: `arn:aws:dynamodb:${region}:*:table/${table}`,
      },
    ],
  };
}
