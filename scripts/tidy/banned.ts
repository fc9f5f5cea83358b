/**
 * Calls with one home each. Time and chance come in by parameter, so that one seed is one run; the
 * process belongs to the command line; a test neither sleeps nor hides another.
 */
import type { Node } from 'typescript/unstable/ast';
import { isIdentifier, isNewExpression, isPropertyAccessExpression } from 'typescript/unstable/ast/is';
import { findingAt, nodesOf } from './syntax.ts';
import type { Finding, Source, Workspace } from './workspace.ts';

interface Ban {
  /** What is written: the called function, or the object or property that is used. */
  readonly use: RegExp;
  readonly roles: readonly Source['role'][];
  /** The files that are its home. */
  readonly allowed: readonly string[];
  readonly instead: string;
}

const bans: readonly Ban[] = [
  {
    use: /^(Date\.now|performance\.now|new Date\(\)|process\.hrtime.*|(globalThis\.)?(setTimeout|setInterval))$/,
    roles: ['product'],
    allowed: ['packages/core/src/system-clock.ts'],
    instead: 'take a Clock',
  },
  {
    use: /(^|\.)(Math\.random|randomUUID|randomBytes|randomInt|getRandomValues)$/,
    roles: ['product'],
    allowed: [
      'packages/engine-log/src/open-log-engine.ts',
      'packages/engine-dynamodb/src/system-random.ts',
      'packages/server/src/random-epoch.ts',
    ],
    instead: 'take random values by parameter',
  },
  {
    use: /^console\.\w+$/,
    roles: ['product', 'test'],
    allowed: [],
    instead: 'report to the observer, or print in the command line',
  },
  {
    use: /^process\.(env|exit|exitCode|argv|stdout|stderr|on|once)$/,
    roles: ['product'],
    // The second one is a program of its own, which talks to the process that started it.
    allowed: ['packages/cli/src/main.ts', 'packages/engine-log/src/verify/index-process.ts'],
    instead: 'the command line alone knows the process',
  },
  {
    use: /^((globalThis\.)?(setTimeout|setInterval)|Atomics\.wait)$/,
    roles: ['test'],
    allowed: [],
    instead: 'wait for what happens, not for time',
  },
  {
    use: /^(test|it|describe|suite)\.(only|todo)$/,
    roles: ['product', 'test', 'tool'],
    allowed: [],
    instead: 'a test runs, or is not there',
  },
];

export function* bannedRule({ sources }: Workspace): Generator<Finding> {
  for (const source of sources) {
    for (const node of nodesOf(source.tree)) {
      const use = useOf(node);
      const ban = use === undefined ? undefined : bans.find((each) => forbids(each, source, use));
      if (ban !== undefined) yield findingAt(source, node, { rule: 'banned', message: `${use}: ${ban.instead}` });
    }
  }
}

function forbids({ use, roles, allowed }: Ban, source: Source, used: string): boolean {
  return roles.includes(source.role) && !allowed.includes(source.path) && use.test(used);
}

/** What a node uses, called or handed on; in `a.b.c` that is the whole, and not `c` again. */
function useOf(node: Node): string | undefined {
  if (isNewExpression(node) && node.expression.getText() === 'Date' && node.arguments?.length === 0) {
    return 'new Date()';
  }
  if (isPropertyAccessExpression(node)) return node.getText().replace(/\s+/g, '');
  if (!isIdentifier(node)) return undefined;
  return isPropertyAccessExpression(node.parent) && node.parent.name === node ? undefined : node.text;
}
