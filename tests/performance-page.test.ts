/** The page of figures says what the published results say, and nothing else. */
import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { performancePage } from '../benchmarks/report/performance-page.ts';
import type { Results } from '../benchmarks/report/results.ts';
import type { Comparison, Measured } from '../benchmarks/workloads/workload.ts';

const published = new URL('../benchmarks/results/published.json', import.meta.url);
const page = new URL('../docs/performance.md', import.meta.url);
const plotsFolder = new URL('../docs/plots/', import.meta.url);

test('there is a page where there are published results, made of them, and no page without', () => {
  assert.equal(existsSync(page), existsSync(published), 'run: npm run performance');
  if (!existsSync(published)) return;
  const { markdown, plots } = performancePage(JSON.parse(readFileSync(published, 'utf8')));
  assert.equal(readFileSync(page, 'utf8'), markdown, 'run: npm run performance');
  assert.deepEqual(readdirSync(plotsFolder).sort(), [...plots.keys()].sort());
  for (const [name, plot] of plots) {
    assert.equal(readFileSync(new URL(name, plotsFolder), 'utf8'), plot, `${name}: npm run performance`);
  }
});

test('each figure is on the page with its spread and its ratio, and in one plot', () => {
  const before = performancePage(resultsOf([comparison(64, [70_000, 50_000])]));
  assert.match(before.markdown, /\| Redis Streams \| 50,000 \(45,000 to 55,000\)<br>1\.40 \|/);
  const after = performancePage(resultsOf([comparison(64, [70_000, 35_000])]));
  assert.match(after.markdown, /\| Redis Streams \| 35,000 \(31,500 to 38,500\)<br>2\.00 \|/);
  assert.deepEqual([...after.plots.keys()], ['single-append-throughput.svg']);
  assert.notDeepEqual(before.plots, after.plots);
});

test('what varies one thing is drawn as curves, in the order of the axis', () => {
  const rising = [1, 16, 256].map((connections) => comparison(connections, [connections * 100, connections * 50]));
  const { plots } = performancePage(resultsOf(rising));
  const curves = [...(plots.get('single-append-throughput.svg') ?? '').matchAll(/<polyline points="([^"]+)"/g)];
  assert.equal(curves.length, 2);
  for (const [, points = ''] of curves) {
    const places = points.split(' ').map((point) => point.split(',').map(Number));
    assert.ok(places.every(([x = 0, y = 0], index) => index === 0 || isRightAndUp(places[index - 1], [x, y])));
  }
});

test('a goal is reached above its bound and not below it', () => {
  const { markdown } = performancePage(
    resultsOf([comparison(64, [70_000, 50_000]), comparison(256, [70_000, 80_000])]),
  );
  assert.match(markdown, /64 connections \| Redis Streams \| above 1 \| 1\.40 \| yes/);
  assert.match(markdown, /256 connections \| Redis Streams \| above 1 \| 0\.875 \| no/);
});

function isRightAndUp(before: readonly number[] | undefined, [x = 0, y = 0]: readonly number[]): boolean {
  const [beforeX = 0, beforeY = 0] = before ?? [];
  return x > beforeX && y < beforeY;
}

function comparison(connections: number, [ours, redis]: readonly [number, number]): Comparison {
  return {
    title: `${connections} connections`,
    figure: 'throughput',
    unit: 'events/s',
    better: 'more',
    at: { axis: 'connections', value: connections },
    contenders: [measured('event-store', ours, 1), measured('Redis Streams', redis, ours / redis)],
  };
}

function measured(name: string, median: number, ratio: number): Measured {
  return {
    name,
    promise: 'synced',
    versions: {},
    figure: { median, min: median * 0.9, max: median * 1.1 },
    firstAgainstThis: { median: ratio, min: ratio, max: ratio },
    anonymousMiBMax: undefined,
    rounds: [],
  };
}

function resultsOf(comparisons: readonly Comparison[]): Results {
  return {
    when: '2026-01-01T00:00:00.000Z',
    surroundings: {
      commit: '0123456789abcdef',
      changedFiles: 0,
      processor: 'a processor',
      cores: 2,
      memoryGiB: 8,
      kernel: '6.1',
      node: '26.0.0',
      wrk: 'wrk 4.1.0',
      fileSystemType: '0xef53',
      syncMs: { median: 0.1, min: 0.1, max: 0.2 },
    },
    settings: { rounds: 3, seconds: 3, events: 1_000, growthEvents: 1_000, connections: [64] },
    results: [{ name: 'single-append', title: 'Appends', about: 'One event an append.', comparisons }],
  };
}
