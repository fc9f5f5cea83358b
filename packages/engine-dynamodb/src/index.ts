export * from './open-dynamodb-engine.ts';
export { SdkTable, type SdkTableOptions } from './sdk-table.ts';
