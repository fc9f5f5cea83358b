/**
 * Names in two worlds. A change of names is in the cache at once and on the disk with the next
 * sync of the directory; until then a crash may keep it or not. A rename is one change.
 */
import { durableFile, type SimulatedFile } from './simulated-file.ts';

export type SimulatedNode = SimulatedFile | SimulatedDirectory;

export interface NameChange {
  readonly removed: string | undefined;
  readonly added: { readonly name: string; readonly node: SimulatedNode } | undefined;
}

export interface SimulatedDirectory {
  readonly kind: 'directory';
  readonly cache: Map<string, SimulatedNode>;
  disk: ReadonlyMap<string, SimulatedNode>;
  pending: readonly NameChange[];
}

export function emptyDirectory(): SimulatedDirectory {
  return { kind: 'directory', cache: new Map(), disk: new Map(), pending: [] };
}

export function changeNames(directory: SimulatedDirectory, change: NameChange): void {
  apply(directory.cache, change);
  directory.pending = [...directory.pending, change];
}

export function syncNames(directory: SimulatedDirectory): void {
  const disk = new Map(directory.disk);
  for (const change of directory.pending) apply(disk, change);
  directory.disk = disk;
  directory.pending = [];
}

export function apply(names: Map<string, SimulatedNode>, { removed, added }: NameChange): void {
  if (removed !== undefined) names.delete(removed);
  if (added !== undefined) names.set(added.name, added.node);
}

/** A copy of everything under a directory, in both worlds. */
export function copyOf(root: SimulatedDirectory): SimulatedDirectory {
  const copies = new Map<SimulatedNode, SimulatedNode>();
  const copyNames = (names: ReadonlyMap<string, SimulatedNode>) =>
    new Map([...names].map(([name, node]) => [name, copy(node)]));
  const copy = (node: SimulatedNode): SimulatedNode => {
    const known = copies.get(node);
    if (known !== undefined) return known;
    const made: SimulatedNode = node.kind === 'file' ? { ...node } : emptyDirectory();
    copies.set(node, made);
    if (node.kind === 'directory' && made.kind === 'directory') {
      for (const [name, child] of copyNames(node.cache)) made.cache.set(name, child);
      made.disk = copyNames(node.disk);
      made.pending = node.pending.map(({ removed, added }) => ({
        removed,
        added: added && { name: added.name, node: copy(added.node) },
      }));
    }
    return made;
  };
  return copy(root) as SimulatedDirectory;
}

/** What is on a disk, by path: content of files, `undefined` for directories. Paths have no leading slash. */
export type DiskImage = ReadonlyMap<string, Buffer | undefined>;

/** A directory that is the same in both worlds. */
export function durableDirectory(image: DiskImage): SimulatedDirectory {
  const root = emptyDirectory();
  for (const [path, content] of image) {
    const names = path.split('/');
    const name = names.pop() as string;
    const parent = names.reduce((directory, each) => directory.cache.get(each) as SimulatedDirectory, root);
    changeNames(parent, {
      removed: undefined,
      added: { name, node: content === undefined ? emptyDirectory() : durableFile(content) },
    });
    syncNames(parent);
  }
  return root;
}

/** Everything that is on the disk under a directory, parents before what they hold. */
export function imageOf(directory: SimulatedDirectory, prefix = ''): DiskImage {
  const image = new Map<string, Buffer | undefined>();
  for (const [name, node] of [...directory.disk].sort(([a], [b]) => (a < b ? -1 : 1))) {
    image.set(`${prefix}${name}`, node.kind === 'file' ? node.disk : undefined);
    if (node.kind === 'directory') for (const [path, each] of imageOf(node, `${prefix}${name}/`)) image.set(path, each);
  }
  return image;
}
