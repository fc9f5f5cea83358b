/** Imports form no cycle, lead somewhere, and reach every file and every export that there is. */
import type { Node } from 'typescript/unstable/ast';
import { isVariableStatement } from 'typescript/unstable/ast/is';
import { allImports, type Import } from './imports.ts';
import { findingAt, nameOf } from './syntax.ts';
import type { Finding, Source, Workspace } from './workspace.ts';

export function* reachabilityRule(workspace: Workspace): Generator<Finding> {
  const imports = allImports(workspace);
  const targets = new Map(workspace.sources.map(({ path }) => [path, new Set<string>()]));
  for (const { source, target, specifier, line } of imports) {
    if (target === undefined) continue;
    targets.get(source.path)?.add(target);
    if (workspace.files.has(target)) continue;
    yield { rule: 'dead-import', file: source.path, line, message: `${specifier} does not exist` };
  }
  yield* cycles(targets);
  yield* deadFiles(workspace, targets);
  yield* unusedExports(workspace, imports);
}

type Targets = ReadonlyMap<string, ReadonlySet<string>>;

function* cycles(targets: Targets): Generator<Finding> {
  const done = new Set<string>();
  const visit = function* (path: string, trail: readonly string[]): Generator<Finding> {
    if (trail.includes(path)) {
      const cycle = [...trail.slice(trail.indexOf(path)), path];
      yield { rule: 'cycle', file: path, line: 1, message: cycle.join(' -> ') };
    }
    if (done.has(path)) return;
    done.add(path);
    for (const target of targets.get(path) ?? []) yield* visit(target, [...trail, path]);
  };
  for (const path of targets.keys()) yield* visit(path, []);
}

function* deadFiles({ sources, packages }: Workspace, targets: Targets): Generator<Finding> {
  const entries = new Set(packages.flatMap((each) => each.entries));
  const alive = reach([...entries], targets);
  const elsewhere = reach(
    sources.filter(isProgram).map(({ path }) => path),
    targets,
  );
  for (const { path, role } of sources) {
    if (role === 'product' ? alive.has(path) : elsewhere.has(path)) continue;
    yield { rule: 'dead-file', file: path, line: 1, message: 'nothing that runs imports it' };
  }
}

/** Tests, and the files directly in a folder of tools, are started by themselves. */
function isProgram({ path, role }: Source): boolean {
  return role === 'test' ? path.endsWith('.test.ts') : role === 'tool' && path.split('/').length === 2;
}

function reach(from: readonly string[], targets: Targets): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const target of targets.get(path) ?? []) visit(target);
  };
  for (const path of from) visit(path);
  return reached;
}

/**
 * An entry's exports are for others; what is exported elsewhere must be imported by some file. Types
 * are left out: whoever calls a function may name what it takes.
 */
function* unusedExports({ sources, packages }: Workspace, imports: readonly Import[]): Generator<Finding> {
  const entries = new Set(packages.flatMap((each) => each.entries));
  for (const source of sources) {
    const uses = imports.filter(({ target }) => target === source.path).map(({ names }) => names);
    if (entries.has(source.path) || isProgram(source) || uses.includes('all')) continue;
    const used = new Set(uses.flat());
    for (const node of source.tree.statements) {
      for (const name of exportedNames(node)) {
        if (used.has(name)) continue;
        yield findingAt(source, node, { rule: 'unused-export', message: `nobody imports ${name}` });
      }
    }
  }
}

function exportedNames(node: Node): readonly string[] {
  if (!/^export (async function|function|class|const|let)\b/.test(node.getText())) return [];
  const names = isVariableStatement(node)
    ? node.declarationList.declarations.map((each) => nameOf(each))
    : [nameOf(node)];
  return names.filter((name) => name !== undefined);
}
