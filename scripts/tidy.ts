/**
 * The style test: everything about the house style that a program can check. Run by itself it
 * prints what it finds; `tests/tidy.test.ts` runs it and proves that each rule can fail.
 */
import { bannedRule } from './tidy/banned.ts';
import { commentsRule } from './tidy/comments.ts';
import { dependenciesRule } from './tidy/dependencies.ts';
import { documentsRule } from './tidy/documents.ts';
import { layersRule } from './tidy/layers.ts';
import { namesRule } from './tidy/names.ts';
import { reachabilityRule } from './tidy/reachability.ts';
import { sizeRule } from './tidy/size.ts';
import { type Files, type Finding, openWorkspace, type Rule, readRepository } from './tidy/workspace.ts';

const rules: readonly Rule[] = [
  bannedRule,
  commentsRule,
  dependenciesRule,
  documentsRule,
  layersRule,
  namesRule,
  reachabilityRule,
  sizeRule,
];

/** What is not tidy in a repository of these files. */
export function tidy(files: Files): readonly Finding[] {
  const workspace = openWorkspace(files);
  return rules.flatMap((rule) => [...rule(workspace)]);
}

/** A finding as one line that a terminal can open. */
export function printFinding({ rule, file, line, message }: Finding): string {
  return `${file}:${line} ${rule}: ${message}`;
}

if (import.meta.main) {
  const findings = tidy(readRepository('.'));
  for (const finding of findings) console.log(printFinding(finding));
  process.exitCode = findings.length === 0 ? 0 : 1;
}
