/** Questions about syntax trees that several rules ask. */
import type { FunctionLikeDeclaration, Node } from 'typescript/unstable/ast';
import { getLeadingCommentRanges } from 'typescript/unstable/ast';
import {
  isArrowFunction,
  isConstructorDeclaration,
  isFunctionDeclaration,
  isFunctionExpression,
  isGetAccessorDeclaration,
  isIdentifier,
  isMethodDeclaration,
  isSetAccessorDeclaration,
} from 'typescript/unstable/ast/is';
import type { Finding, Source } from './workspace.ts';

/** Every node of a tree, parents before children. */
export function* nodesOf(node: Node): Generator<Node> {
  yield node;
  const children: Node[] = [];
  node.forEachChild((child) => {
    children.push(child);
  });
  for (const child of children) yield* nodesOf(child);
}

export function isFunction(node: Node): node is FunctionLikeDeclaration {
  return functionTests.some((test) => test(node));
}

const functionTests = [
  isArrowFunction,
  isConstructorDeclaration,
  isFunctionDeclaration,
  isFunctionExpression,
  isGetAccessorDeclaration,
  isMethodDeclaration,
  isSetAccessorDeclaration,
];

/** What a function or variable is called, as far as it has a plain name. */
export function nameOf(node: Node): string | undefined {
  const name = (node as { name?: Node }).name;
  return name !== undefined && isIdentifier(name) ? name.text : undefined;
}

/** The line of a position, from 1. */
export function lineAt(source: Source, position: number): number {
  return source.tree.getLineAndCharacterOfPosition(position).line + 1;
}

export function findingAt(source: Source, node: Node, problem: { rule: string; message: string }): Finding {
  return { ...problem, file: source.path, line: lineAt(source, node.getStart(source.tree)) };
}

/** The comments directly in front of a node, each as written. */
export function commentsBefore(source: Source, node: Node): readonly string[] {
  const ranges = getLeadingCommentRanges(source.text, node.pos) ?? [];
  return ranges.map((range) => source.text.slice(range.pos, range.end));
}
