export * from './engine/index.ts';
export * from './http/index.ts';
