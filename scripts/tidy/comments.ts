/**
 * Comments: each file says at its top, or in front of its first declaration, what it owns; the
 * exports of the packages that others build on say what they promise; nothing is left for later.
 */
import type { Node } from 'typescript/unstable/ast';
import {
  isClassDeclaration,
  isExportDeclaration,
  isFunctionDeclaration,
  isImportDeclaration,
  isInterfaceDeclaration,
} from 'typescript/unstable/ast/is';
import { allImports } from './imports.ts';
import { commentsBefore, findingAt, nameOf } from './syntax.ts';
import type { Finding, Source, Workspace } from './workspace.ts';

const headerLinesMax = 6;
const headerLinesMaxWithDrawing = 12;
const documentedFolders = new Set(['packages/core', 'packages/client', 'packages/conformance']);
const unfinished = /\b(TO[D]O|FIX[M]E|HA[C]K|X[X]X)\b/;
const suppression = /@ts-(ignore|expect-error|nocheck)\b/;
const commentedOut = /^\s*\/\/\s*((const|let|import|export|return|await|if|for|while)\b.*[;{]|[\w.]+\(.*\);|\})$/;

export function* commentsRule(workspace: Workspace): Generator<Finding> {
  for (const source of workspace.sources) {
    yield* header(source);
    yield* lines(source);
    if (documentedFolders.has(source.package?.folder ?? '')) yield* documentation(source, workspace);
  }
}

function* header(source: Source): Generator<Finding> {
  const { statements } = source.tree;
  if (statements.every((statement) => isExportDeclaration(statement))) return;
  const [first] = statements;
  const atTop = first && commentsBefore(source, first)[0];
  const declaration = statements.find((statement) => !isImportDeclaration(statement));
  const main = statements.find((node) => /^export (async function|function|class|const)\b/.test(node.getText()));
  const places = [declaration, statements.find(isExported), main].filter((node) => node !== undefined);
  const at = { rule: 'header', file: source.path, line: 1 };
  if (atTop === undefined && places.every((node) => commentsBefore(source, node).length === 0)) {
    yield { ...at, message: 'no header comment' };
  } else if (atTop !== undefined && first !== declaration && isTooLong(atTop)) {
    yield { ...at, message: `the header has more than ${headerLinesMax} lines` };
  }
}

/** Indented lines are a drawing: they do not count, and what is drawn may be explained. */
function isTooLong(comment: string): boolean {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*(\/\*\*?|\*\/|\*|\/\/) ?/, ''));
  const drawn = lines.filter((line) => line.startsWith('    '));
  const prose = lines.filter((line) => line.trim() !== '' && !drawn.includes(line));
  return prose.length > (drawn.length > 0 ? headerLinesMaxWithDrawing : headerLinesMax);
}

function* lines(source: Source): Generator<Finding> {
  for (const [index, line] of source.text.split('\n').entries()) {
    const at = { file: source.path, line: index + 1 };
    if (unfinished.test(line)) yield { ...at, rule: 'unfinished', message: 'do it now, or leave it out' };
    if (suppression.test(line)) yield { ...at, rule: 'suppression', message: 'mend the type instead' };
    if (commentedOut.test(line)) yield { ...at, rule: 'commented-out', message: 'code in a comment' };
  }
}

/** What a package's entry hands on must be documented where it is declared. */
function* documentation(source: Source, workspace: Workspace): Generator<Finding> {
  const entries = source.package?.entries ?? [];
  const handedOn = allImports(workspace)
    .filter((each) => entries.includes(each.source.path) && each.target === source.path)
    .map(({ names }) => names);
  for (const node of source.tree.statements) {
    const name = nameOf(node);
    if (name === undefined || !isExported(node) || !promises(node)) continue;
    if (!handedOn.some((names) => names === 'all' || names.includes(name))) continue;
    if (commentsBefore(source, node).some((comment) => comment.startsWith('/**'))) continue;
    yield findingAt(source, node, { rule: 'documentation', message: `${name} has no doc comment` });
  }
}

function promises(node: Node): boolean {
  return isFunctionDeclaration(node) || isClassDeclaration(node) || isInterfaceDeclaration(node);
}

function isExported(node: Node): boolean {
  return /^export\b/.test(node.getText());
}
