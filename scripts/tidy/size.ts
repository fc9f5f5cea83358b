/** Files and functions stay small enough to be read at once; so does the README. */
import type { Node } from 'typescript/unstable/ast';
import { isFunction, lineAt, nameOf, nodesOf } from './syntax.ts';
import type { Finding, Source, Workspace } from './workspace.ts';

const fileLinesMax = 400;
const functionLinesMax = 70;
const readmeLinesMax = 149;

export function* sizeRule({ sources, files }: Workspace): Generator<Finding> {
  for (const source of sources) {
    yield* tooLong({ file: source.path, text: source.text, linesMax: fileLinesMax });
    for (const node of nodesOf(source.tree)) yield* longFunction(source, node);
  }
  yield* tooLong({ file: 'README.md', text: files.get('README.md') ?? '', linesMax: readmeLinesMax });
}

function* tooLong({ file, text, linesMax }: { file: string; text: string; linesMax: number }): Generator<Finding> {
  const lines = text.split('\n').length - 1;
  if (lines > linesMax) {
    yield { rule: 'file-length', file, line: linesMax + 1, message: `${lines} lines; at most ${linesMax}` };
  }
}

function* longFunction(source: Source, node: Node): Generator<Finding> {
  if (!isFunction(node)) return;
  const line = lineAt(source, node.getStart(source.tree));
  const lines = lineAt(source, node.end) - line + 1;
  if (lines <= functionLinesMax) return;
  const message = `${nameOf(node) ?? 'function'} has ${lines} lines; at most ${functionLinesMax}`;
  yield { rule: 'function-length', file: source.path, line, message };
}
