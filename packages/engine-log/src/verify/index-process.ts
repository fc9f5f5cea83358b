/**
 * The program that reads an index for whoever checks a store: started by index-witness.ts, since a
 * broken index may end the process that opens it. Answers one question at a time.
 */
import { nodeFileSystem } from '../node-file-system.ts';
import { checkIndex } from './check-index.ts';
import type { IndexQuestion } from './index-question.ts';
import { IndexTables } from './index-tables.ts';

let tables: IndexTables | undefined;

process.on('message', (question: IndexQuestion) => {
  answer(question).then(
    (value) => process.send?.({ value }),
    (error: unknown) => process.send?.({ problem: (error as Error).message }),
  );
});

async function answer(question: IndexQuestion): Promise<unknown> {
  if (question.kind === 'open') {
    tables = new IndexTables(question.directory, question.storeId);
    return tables.covered;
  }
  if (tables === undefined) throw new Error('it is not open');
  if (question.kind === 'names') return tables.names(new Set(question.positions));
  return checkIndex(tables, { ...question.walk, fileSystem: nodeFileSystem });
}
