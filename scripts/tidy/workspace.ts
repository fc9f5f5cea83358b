/**
 * What the style rules look at: every file of the repository as text, the TypeScript ones also as
 * syntax trees, and the packages. Made from a map of texts, so that the rules can be tried on a
 * repository that exists nowhere.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from 'typescript/unstable/ast';
import { createVirtualFileSystem } from 'typescript/unstable/fs';
import { API } from 'typescript/unstable/sync';

/** Texts by path from the root of the repository, with forward slashes. */
export type Files = ReadonlyMap<string, string>;

export interface Finding {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** A rule reports what it finds; a clean workspace gives nothing. */
export type Rule = (workspace: Workspace) => Iterable<Finding>;

export interface Workspace {
  readonly files: Files;
  readonly sources: readonly Source[];
  readonly packages: readonly Package[];
}

/** A TypeScript file. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly tree: SourceFile;
  /** The package that it belongs to; none for the folders beside `packages/`. */
  readonly package: Package | undefined;
  /** `product` is a package's `src`; `test` any test; `tool` the rest. */
  readonly role: 'product' | 'test' | 'tool';
}

export interface Package {
  readonly name: string;
  /** `packages/core`. */
  readonly folder: string;
  /** The files that others start from: exports and commands. */
  readonly entries: readonly string[];
  readonly dependencies: readonly string[];
}

const skippedFolders = new Set(['node_modules', 'dist', '.git', 'data', 'golden']);

/** Reads the repository at `root`, without what is installed, built or stored there. */
export function readRepository(root: string): Files {
  const files = new Map<string, string>();
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !skippedFolders.has(entry.name)) visit(path);
      if (entry.isFile()) files.set(path, readFileSync(join(root, path), 'utf8'));
    }
  };
  visit('');
  return files;
}

export function openWorkspace(files: Files): Workspace {
  const packages = [...files.keys()].filter((path) => /^packages\/[^/]+\/package\.json$/.test(path)).map(readPackage);
  const paths = [...files.keys()].filter((path) => path.endsWith('.ts')).sort();
  const trees = parse(files, paths);
  const sources = paths.map((path, index) => ({
    path,
    text: files.get(path) as string,
    tree: trees[index] as SourceFile,
    package: packages.find(({ folder }) => path.startsWith(`${folder}/`)),
    role: roleOf(path),
  }));
  return { files, packages, sources };

  function readPackage(path: string): Package {
    const folder = path.slice(0, path.lastIndexOf('/'));
    const manifest = JSON.parse(files.get(path) as string);
    const exported = Object.values(manifest.exports ?? {}).map((target) => (target as { source: string }).source);
    const commands = Object.values(manifest.bin ?? {}).map((target) => sourceOf(target as string));
    return {
      name: manifest.name,
      folder,
      entries: [...exported, ...commands].map((target) => `${folder}/${target.replace('./', '')}`),
      dependencies: Object.keys(manifest.dependencies ?? {}),
    };
  }
}

/** The source of a built file: `./dist/main.js` is made from `./src/main.ts`. */
function sourceOf(built: string): string {
  return built.replace('/dist/', '/src/').replace(/\.js$/, '.ts');
}

function roleOf(path: string): Source['role'] {
  if (/^packages\/[^/]+\/src\//.test(path)) return 'product';
  return /^(packages\/[^/]+\/test|tests)\//.test(path) ? 'test' : 'tool';
}

/** Parses only: no library, no resolution, no types. */
function parse(files: Files, paths: readonly string[]): readonly (SourceFile | undefined)[] {
  const configuration = { compilerOptions: { noLib: true, noResolve: true, types: [] }, files: paths };
  const texts = Object.fromEntries(paths.map((path) => [`/${path}`, files.get(path) as string]));
  const api = new API({
    cwd: '/',
    fs: createVirtualFileSystem({ ...texts, '/tsconfig.json': JSON.stringify(configuration) }),
  });
  try {
    const snapshot = api.updateSnapshot({ openProjects: ['/tsconfig.json'] });
    const [project] = snapshot.getProjects();
    return paths.map((path) => project?.program.getSourceFile(`/${path}`));
  } finally {
    api.close();
  }
}
