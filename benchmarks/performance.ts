/**
 * `npm run performance`: writes docs/performance.md and its plots out of `results/published.json`.
 * Given a file of results, publishes that one first: `npm run performance -- FILE`.
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performancePage } from './report/performance-page.ts';

const root = join(import.meta.dirname, '..');
const published = join(root, 'benchmarks', 'results', 'published.json');
const plotsFolder = join(root, 'docs', 'plots');

const [file] = process.argv.slice(2);
if (file !== undefined) copyFileSync(file, published);
const { markdown, plots } = performancePage(JSON.parse(readFileSync(published, 'utf8')));
writeFileSync(join(root, 'docs', 'performance.md'), markdown);
rmSync(plotsFolder, { recursive: true, force: true });
mkdirSync(plotsFolder, { recursive: true });
for (const [name, plot] of plots) writeFileSync(join(plotsFolder, name), plot);
