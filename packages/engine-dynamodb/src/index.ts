export * from './open-dynamodb-engine.ts';
