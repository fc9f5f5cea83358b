export * from './administration.ts';
export * from './dynamodb-policy.ts';
export * from './open-dynamodb-engine.ts';
