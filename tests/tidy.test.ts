/** The repository is tidy, and each rule of the style test is able to fail. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRepository } from '../scripts/tidy/workspace.ts';
import { printFinding, tidy } from '../scripts/tidy.ts';

test('the repository is tidy', () => {
  assert.deepEqual(tidy(readRepository('.')).map(printFinding), []);
});

/** A small repository without a finding, which each case below spoils in one way. */
const clean: Readonly<Record<string, string>> = {
  'README.md': '# Store\n\nSee [the map](ARCHITECTURE.md#the-map).\n',
  'ARCHITECTURE.md': '# Architecture\n\n## The map\n\n`typebox`: schemas.\n',
  'CONTRIBUTING.md': '# Contributing\n',
  'CHANGELOG.md': '# Changelog\n',
  LICENSE: 'License\n',
  Dockerfile: 'FROM scratch\n',
  'packages/core/package.json': JSON.stringify({
    name: '@event-store/core',
    exports: { '.': { source: './src/index.ts' } },
    dependencies: { typebox: '1' },
  }),
  'packages/core/src/index.ts': "export * from './event.ts';\n",
  'packages/core/src/event.ts':
    "import { Type } from 'typebox';\n\n/** An event. */\nexport function event(): unknown {\n  return Type;\n}\n",
  'packages/engine-log/package.json': JSON.stringify({
    name: '@event-store/engine-log',
    exports: { '.': { source: './src/open-engine.ts' } },
    dependencies: { '@event-store/core': '1' },
  }),
  'packages/engine-log/src/open-engine.ts':
    "import { event } from '@event-store/core';\n\n/** Opens it. */\nexport function openEngine() {\n  event();\n}\n",
  'packages/engine-log/test/engine.test.ts': "/** Tests. */\nimport '../src/open-engine.ts';\n",
};

const core = 'packages/core/src/event.ts';
const engine = 'packages/engine-log/src/open-engine.ts';
const engineTest = 'packages/engine-log/test/engine.test.ts';

/** A body long enough to be too long. */
const lines = (count: number) => '  event();\n'.repeat(count);

/** What the rule is called, and what is written at the end of which file to break it. */
const spoilt: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['banned', engine, 'event(Date.now());\n'],
  ['banned', engine, 'event(new Date());\n'],
  ['banned', engine, 'setTimeout(event, 1);\n'],
  ['banned', engine, 'event(Math.random());\n'],
  ['banned', engine, 'event(crypto.randomUUID());\n'],
  ['banned', engine, 'console.log(1);\n'],
  ['banned', engine, 'process.exit(1);\n'],
  ['banned', engineTest, 'setTimeout(() => {}, 1);\n'],
  ['banned', engineTest, 'test.only();\n'],
  ['commented-out', engine, '// const a = 1;\n'],
  ['dead-file', 'packages/engine-log/src/lonely.ts', '/** Alone. */\nconst lonely = 1;\nlonely;\n'],
  ['dead-import', engine, "import './nowhere.ts';\n"],
  ['dead-link', 'README.md', '[nowhere](docs/nowhere.md)\n'],
  ['dead-link', 'README.md', '[no heading](ARCHITECTURE.md#no-heading)\n'],
  ['dependency', engine, "import 'undeclared';\n"],
  ['dependency', engine, "import 'fs';\n"],
  ['document', 'CHANGELOG.md', ''],
  ['documentation', core, 'export function undocumented() {}\n'],
  ['file-length', engine, '\n'.repeat(400)],
  ['file-length', 'README.md', '\n'.repeat(150)],
  ['file-name', 'docs/Some_Page.md', '# Page\n'],
  ['file-name', 'packages/engine-log/src/open-engine.ts', ''],
  ['function-length', engine, `function long() {\n${lines(70)}}\nlong();\n`],
  ['header', 'scripts/tool.ts', 'const tool = 1;\ntool;\n'],
  ['header', 'scripts/tool.ts', `/**\n${' * Words.\n'.repeat(7)} */\nimport 'node:fs';\n`],
  ['layers', core, "import 'node:path';\n"],
  ['layers', core, "import '@event-store/engine-log';\n"],
  ['layers', core, "import 'lodash';\n"],
  ['layers', engine, "import 'node:fs/promises';\n"],
  ['layers', engine, "import '@aws-sdk/client-dynamodb';\n"],
  ['layers', engine, "import '../../core/src/event.ts';\n"],
  ['layers', engine, "import '../test/engine.test.ts';\n"],
  ['layers', 'packages/utilities/package.json', '{}'],
  ['abbreviation', engine, 'const ctx = 1;\nctx;\n'],
  ['positional-boolean', engine, 'function close(a: number, force: boolean) {\n  return [a, force];\n}\nclose;\n'],
  ['suppression', engine, `// @ts-${'ignore'}\n`],
  ['unfinished', engine, `// ${'TO'}DO: later\n`],
];

test('a clean repository has no finding', () => {
  assert.deepEqual(tidy(filesOf(clean)).map(printFinding), []);
});

for (const [rule, file, text] of spoilt) {
  test(`tidy finds ${rule} in ${file} with ${JSON.stringify(text.slice(0, 40))}`, () => {
    const before = file === 'CHANGELOG.md' ? '' : (clean[file] ?? '');
    const spoiltText = rule === 'file-name' && file === engine ? before.replace('openEngine', 'start') : before + text;
    const found = tidy(filesOf({ ...clean, [file]: spoiltText }));
    assert.ok(
      found.some((finding) => finding.rule === rule && finding.file === file),
      `found only ${JSON.stringify(found)}`,
    );
  });
}

test('tidy finds imports in a circle, unused exports, undeclared and unexplained libraries', () => {
  const found = tidy(
    filesOf({
      ...clean,
      [engine]: `${clean[engine]}import './other.ts';\n`,
      'packages/engine-log/src/other.ts':
        "/** Other. */\nimport { openEngine } from './open-engine.ts';\n\nopenEngine();\nexport const unused = 1;\n",
      'ARCHITECTURE.md': '# Architecture\n\n## The map\n',
    }),
  );
  const rules = new Set(found.map(({ rule, message }) => `${rule} ${message}`));
  assert.ok([...rules].some((rule) => rule.startsWith('cycle')));
  assert.ok(rules.has('dependency typebox has no reason in ARCHITECTURE.md'));
});

test('tidy finds exports that nobody imports, and libraries that nobody uses', () => {
  const found = tidy(
    filesOf({
      ...clean,
      [engine]: `import { used } from './other.ts';\n${clean[engine]?.replace('event();', 'used();')}`,
      'packages/engine-log/src/other.ts': '/** Other. */\nexport const used = () => {};\nexport const unused = 1;\n',
    }),
  );
  assert.deepEqual(
    found.map(({ rule, line }) => [rule, line]),
    [['unused-export', 3]],
  );
});

function filesOf(texts: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(texts));
}
