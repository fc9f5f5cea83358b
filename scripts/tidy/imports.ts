/** The imports of a file, in every form, and the files of this repository that they lead to. */
import { posix } from 'node:path';
import type { Node } from 'typescript/unstable/ast';
import {
  isCallExpression,
  isExportDeclaration,
  isImportDeclaration,
  isNamedExports,
  isNamedImports,
  isNewExpression,
  isStringLiteral,
} from 'typescript/unstable/ast/is';
import { lineAt, nodesOf } from './syntax.ts';
import type { Package, Source, Workspace } from './workspace.ts';

export interface Import {
  readonly source: Source;
  readonly line: number;
  /** As written: `./append.ts`, `@event-store/core`, `node:fs`. */
  readonly specifier: string;
  /** The names asked for; all of them where the form does not say. */
  readonly names: readonly string[] | 'all';
  /** The file of this repository that is meant, where there is one. */
  readonly target: string | undefined;
}

const known = new WeakMap<Workspace, readonly Import[]>();

/** All imports of the workspace. */
export function allImports(workspace: Workspace): readonly Import[] {
  const imports = known.get(workspace) ?? workspace.sources.flatMap((source) => importsOf(source, workspace.packages));
  known.set(workspace, imports);
  return imports;
}

function importsOf(source: Source, packages: readonly Package[]): readonly Import[] {
  const found: Import[] = [];
  for (const node of nodesOf(source.tree)) {
    const specifier = specifierOf(node);
    if (specifier === undefined) continue;
    const line = lineAt(source, node.getStart(source.tree));
    const target = targetOf({ specifier, from: source.path, packages });
    found.push({ source, line, specifier, names: namesOf(node), target });
  }
  return found;
}

/** `import … from 'x'`, `export … from 'x'`, `import('x')` and `new URL('./x.ts', …)`, by which threads and programs are named. */
function specifierOf(node: Node): string | undefined {
  if (isImportDeclaration(node) || isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (isCallExpression(node) && node.expression.getText() === 'import') return textOf(node.arguments[0]);
  if (isNewExpression(node) && node.expression.getText() === 'URL') {
    return /(['`])(\.{1,2}\/[^'`]+\.ts)\1/.exec(node.getText())?.[2];
  }
  return undefined;
}

function textOf(node: Node | undefined): string | undefined {
  return node !== undefined && isStringLiteral(node) ? node.text : undefined;
}

function namesOf(node: Node): Import['names'] {
  const bindings = isImportDeclaration(node)
    ? node.importClause?.namedBindings
    : isExportDeclaration(node)
      ? node.exportClause
      : undefined;
  if (bindings === undefined || !(isNamedImports(bindings) || isNamedExports(bindings))) return 'all';
  return bindings.elements.map((element) => (element.propertyName ?? element.name).getText());
}

interface Resolution {
  readonly specifier: string;
  readonly from: string;
  readonly packages: readonly Package[];
}

function targetOf({ specifier, from, packages }: Resolution): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  return packages.find(({ name }) => name === packageNameOf(specifier))?.entries[0];
}

/** `@scope/name/deep/path` belongs to `@scope/name`. */
export function packageNameOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
