/** The documents that must be there are, and no link between files of the repository leads nowhere. */
import { posix } from 'node:path';
import type { Finding, Workspace } from './workspace.ts';

const required = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'LICENSE', 'Dockerfile'];
const link = /\[[^\]]*\]\(([^)\s]+)\)/g;

export function* documentsRule({ files }: Workspace): Generator<Finding> {
  for (const file of required) {
    if ((files.get(file) ?? '').trim() === '') yield { rule: 'document', file, line: 1, message: 'missing or empty' };
  }
  for (const [file, text] of files) {
    if (!file.endsWith('.md')) continue;
    for (const [index, line] of withoutCode(text).split('\n').entries()) {
      for (const [, target = ''] of line.matchAll(link)) {
        const message = whatIsWrong({ from: file, target, files });
        if (message !== undefined) yield { rule: 'dead-link', file, line: index + 1, message };
      }
    }
  }
}

function withoutCode(text: string): string {
  return text.replace(/```[\s\S]*?```/g, (block) => block.replace(/[^\n]/g, ''));
}

function whatIsWrong(one: { from: string; target: string; files: Workspace['files'] }): string | undefined {
  const { from, target, files } = one;
  if (/^[a-z]+:/.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? from : posix.join(posix.dirname(from), path).replace(/\/$/, '');
  const text = files.get(file);
  const isFolder = [...files.keys()].some((each) => each.startsWith(`${file}/`));
  if (text === undefined && !isFolder) return `${target} does not exist`;
  if (anchor === undefined || text === undefined) return undefined;
  return anchorsOf(text).has(anchor) ? undefined : `${target}: no such heading`;
}

/** Headings as a Markdown page names them in its links. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = withoutCode(text).matchAll(/^#+ +(.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
