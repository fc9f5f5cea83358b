/** The packages of this repository as npm sees them. */
import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface WorkspacePackage {
  readonly name: string;
  /** `packages/core`. */
  readonly folder: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

function allPackages(): readonly WorkspacePackage[] {
  return globSync('packages/*/package.json').map((path) => {
    const { name, dependencies = {} } = JSON.parse(readFileSync(path, 'utf8'));
    return { name, folder: dirname(path), dependencies };
  });
}

/** Every package behind the ones that it depends on. */
export function packagesInOrder(): readonly WorkspacePackage[] {
  return withDependencies(allPackages());
}

/** One package and all packages of this repository that it needs, itself last. */
export function packagesNeededBy(name: string): readonly WorkspacePackage[] {
  return withDependencies(allPackages().filter((each) => each.name === name));
}

function withDependencies(wanted: readonly WorkspacePackage[]): readonly WorkspacePackage[] {
  const byName = new Map(allPackages().map((each) => [each.name, each]));
  const ordered = new Set<WorkspacePackage>();
  const visit = (each: WorkspacePackage | undefined) => {
    if (each === undefined || ordered.has(each)) return;
    for (const name of Object.keys(each.dependencies)) visit(byName.get(name));
    ordered.add(each);
  };
  for (const { name } of wanted) visit(byName.get(name));
  return [...ordered];
}
