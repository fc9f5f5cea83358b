/** Names: kebab-case files called after their main export, whole words, no positional booleans. */
import type { Node } from 'typescript/unstable/ast';
import {
  isFunctionDeclaration,
  isIdentifier,
  isParameterDeclaration,
  isPropertySignatureDeclaration,
  isVariableDeclaration,
} from 'typescript/unstable/ast/is';
import { findingAt, isFunction, nameOf, nodesOf } from './syntax.ts';
import type { Finding, Source, Workspace } from './workspace.ts';

const kebabCase = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;
const conventional = new Set([
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'LICENSE',
  'Dockerfile',
]);

/** Words that are cut short although there is room. */
const abbreviations = new Set(
  (
    'addr arr btn buf buff calc cb cfg cmd cnt conf conn ctx cur def desc dest dir dst el elem err evt ' +
    'exec fn hdr idx impl init len lst mgr msg num obj opt opts param params pkg pos prev proc ptr qty ref req ' +
    'res resp ret seq sess src srv str stmt sz tbl tmp usr util utils val vars ver'
  ).split(' '),
);

export function* namesRule({ files, sources }: Workspace): Generator<Finding> {
  for (const path of files.keys()) {
    const wrong = path.split('/').find((part) => !kebabCase.test(part) && !conventional.has(part));
    if (wrong !== undefined) yield { rule: 'file-name', file: path, line: 1, message: `${wrong} is not kebab-case` };
  }
  for (const source of sources) {
    yield* mainExport(source);
    for (const node of nodesOf(source.tree)) {
      yield* abbreviated(source, node);
      yield* positionalBoolean(source, node);
    }
  }
}

/** A product file with one exported function has a word of its name. */
function* mainExport(source: Source): Generator<Finding> {
  const exported = source.tree.statements.filter((node) => node.getText().startsWith('export '));
  const [only] = exported;
  if (source.role !== 'product' || exported.length !== 1 || only === undefined || !isFunctionDeclaration(only)) return;
  const words = (nameOf(only) ?? '').split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  const fileWords = (source.path.split('/').at(-1) ?? '').replace(/\.ts$/, '').split('-');
  if (fileWords.some((word) => words.includes(word))) return;
  yield findingAt(source, only, { rule: 'file-name', message: `the file is not called after ${nameOf(only)}` });
}

function* abbreviated(source: Source, node: Node): Generator<Finding> {
  const declares =
    isVariableDeclaration(node) ||
    isParameterDeclaration(node) ||
    isPropertySignatureDeclaration(node) ||
    isFunctionDeclaration(node);
  const name = declares ? nameOf(node) : undefined;
  const word = name?.split(/(?=[A-Z])|_/).find((each) => abbreviations.has(each.toLowerCase()));
  if (word !== undefined) yield findingAt(source, node, { rule: 'abbreviation', message: `"${word}" in ${name}` });
}

/** `close(true)` tells a reader nothing: a boolean beside other parameters belongs into an options object. */
function* positionalBoolean(source: Source, node: Node): Generator<Finding> {
  if (!isFunction(node) || source.role !== 'product') return;
  const [, ...later] = node.parameters;
  for (const parameter of later) {
    if (!isIdentifier(parameter.name) || parameter.type?.getText() !== 'boolean') continue;
    yield findingAt(source, parameter, { rule: 'positional-boolean', message: parameter.name.text });
  }
}
