/** A package declares what it imports and imports what it declares; each library has its reason. */
import { builtinModules } from 'node:module';
import { allImports, packageNameOf } from './imports.ts';
import type { Finding, Package, Workspace } from './workspace.ts';

export function* dependenciesRule(workspace: Workspace): Generator<Finding> {
  const own = new Set(workspace.packages.map(({ name }) => name));
  const reasons = workspace.files.get('ARCHITECTURE.md') ?? '';
  for (const each of workspace.packages) {
    yield* undeclared(workspace, each);
    const manifest = `${each.folder}/package.json`;
    const used = importedBy(workspace, each);
    for (const name of each.dependencies) {
      const at = { rule: 'dependency', file: manifest, line: 1 };
      if (!used.has(name)) yield { ...at, message: `${name} is declared, not imported` };
      if (own.has(name) || reasons.includes(`\`${name}\``)) continue;
      yield { ...at, message: `${name} has no reason in ARCHITECTURE.md` };
    }
  }
}

function importedBy(workspace: Workspace, { folder }: Package): ReadonlySet<string> {
  const imports = allImports(workspace).filter(({ source }) => source.path.startsWith(`${folder}/src/`));
  return new Set(imports.map(({ specifier }) => packageNameOf(specifier)));
}

function* undeclared(workspace: Workspace, { folder, dependencies }: Package): Generator<Finding> {
  for (const { source, specifier, line } of allImports(workspace)) {
    if (!source.path.startsWith(`${folder}/src/`) || specifier.startsWith('.')) continue;
    const name = packageNameOf(specifier);
    const at = { rule: 'dependency', file: source.path, line };
    if (specifier.startsWith('node:')) continue;
    if (builtinModules.includes(specifier)) yield { ...at, message: `write node:${specifier}` };
    else if (!dependencies.includes(name)) {
      yield { ...at, message: `${name} is imported, not declared` };
    }
  }
}
