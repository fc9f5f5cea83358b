/**
 * The tree is the architecture: imports between packages go one way, and each outside world (disk,
 * network, Amazon) is known to one place only.
 */
import { allImports, type Import, packageNameOf } from './imports.ts';
import type { Finding, Package, Workspace } from './workspace.ts';

/** What the product code of each package may import from this repository. */
const layers: Readonly<Record<string, readonly string[]>> = {
  'packages/core': [],
  'packages/engine-memory': ['packages/core'],
  'packages/engine-log': ['packages/core'],
  'packages/engine-dynamodb': ['packages/core'],
  'packages/server': ['packages/core'],
  'packages/client': ['packages/core'],
  'packages/conformance': ['packages/core', 'packages/engine-memory'],
  'packages/console': ['packages/client', 'packages/core'],
  'packages/cli': [
    'packages/core',
    'packages/engine-memory',
    'packages/engine-log',
    'packages/engine-dynamodb',
    'packages/server',
    'packages/client',
    'packages/console',
  ],
};

/** Packages that also run where there is no Node.js. */
const withoutNode = new Set(['packages/core', 'packages/client', 'packages/console']);

/** The product files that may touch the disk. */
const diskFiles = new Set(['packages/engine-log/src/node-file-system.ts', 'packages/cli/src/version.ts']);

const diskModules = /^node:fs(\/|$)/;
const amazonModules = /^@(aws-sdk|smithy)\//;

export function* layersRule(workspace: Workspace): Generator<Finding> {
  for (const each of allImports(workspace)) {
    const message = whatIsWrong(each, workspace.packages);
    if (message !== undefined) yield { rule: 'layers', file: each.source.path, line: each.line, message };
  }
  for (const { folder } of workspace.packages) {
    if (layers[folder] !== undefined) continue;
    yield { rule: 'layers', file: `${folder}/package.json`, line: 1, message: 'the package has no layer' };
  }
}

function whatIsWrong({ source, specifier, target }: Import, packages: readonly Package[]): string | undefined {
  const own = source.package;
  const simulates = source.role === 'test' && target?.startsWith('simulation/');
  if (own !== undefined && specifier.startsWith('.') && !target?.startsWith(`${own.folder}/`) && !simulates) {
    return 'leaves its package; import the package by its name';
  }
  if (own === undefined || source.role !== 'product') return undefined;
  if (specifier.startsWith('.')) {
    return target?.startsWith(`${own.folder}/src/`) ? undefined : 'product code imports what is not product code';
  }
  const other = packages.find(({ name }) => name === packageNameOf(specifier));
  if (other !== undefined && !layers[own.folder]?.includes(other.folder)) {
    return `${own.folder} may not import ${other.folder}`;
  }
  return outsideWorld({ file: source.path, folder: own.folder, specifier });
}

function outsideWorld(one: { file: string; folder: string; specifier: string }): string | undefined {
  const { file, folder, specifier } = one;
  if (specifier.startsWith('node:') && withoutNode.has(folder)) return `${folder} runs without Node.js`;
  if (diskModules.test(specifier) && !diskFiles.has(file)) return 'only the file of the disk touches node:fs';
  if (amazonModules.test(specifier) && folder !== 'packages/engine-dynamodb') {
    return 'only engine-dynamodb knows the AWS SDK';
  }
  if (folder === 'packages/core' && !specifier.startsWith('node:') && packageNameOf(specifier) !== 'typebox') {
    return 'core imports nothing but typebox';
  }
  return undefined;
}
