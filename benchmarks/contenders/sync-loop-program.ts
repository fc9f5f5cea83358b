/**
 * A program: writes so many bytes at the end of a file and syncs them, again and again for a while.
 * Arguments: the file, bytes of a write, seconds. Prints how long each took, as JSON.
 */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';

const [path = '', bytes, seconds] = process.argv.slice(2);
const group = Buffer.alloc(Number(bytes), '{"type":"AmountDeposited"}\n');
const file = openSync(path, 'w');
const timesMs: number[] = [];
const startedMs = performance.now();
let lastMs = startedMs;
while (lastMs - startedMs < Number(seconds) * 1_000) {
  writeSync(file, group);
  fdatasyncSync(file);
  const nowMs = performance.now();
  timesMs.push(nowMs - lastMs);
  lastMs = nowMs;
}
closeSync(file);
console.log(JSON.stringify({ seconds: (lastMs - startedMs) / 1_000, timesMs }));
