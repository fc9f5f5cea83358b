/**
 * T10: three instances over one DynamoDB table, behind a faulty connection, killed, stopped and paused under load.
 * Shows P-20.
 */
import { fewFaults, manyFaults } from '../../packages/engine-dynamodb/test/fault-proxy.ts';
import { runProcesses } from '../dynamodb/processes/run-processes.ts';
import type { Part } from './part.ts';

/** Of one trial, with tables and processes of its own. */
const operationsMax = 1_500;
const operationsOfMishap = 375;

export const instances: Part = {
  id: 'T10',
  name: 'instances',
  title: '8 writers on 3 instances over one DynamoDB table, behind a faulty connection, with kills and pauses',
  unit: 'operations',
  counts: { short: 3_000, full: 200_000, goal: 3_000_000 },
  needs: [],
  async run({ seed, wanted, clock, defer, say }) {
    const operations = Math.min(operationsMax, wanted);
    const planned = Math.round(operations / operationsOfMishap);
    // Every fourth trial is so disturbed that little gets done.
    const rates = seed % 4 === 0 ? manyFaults : fewFaults;
    const report = await runProcesses({ seed, operations, mishaps: planned, rates, clock, defer, say });
    const { kill, stop, pause } = report.mishaps;
    return {
      done: report.operations,
      faults: { planned: planned + report.faults, hit: kill + stop + pause + report.faults },
      figures: {
        acknowledged: report.acknowledged,
        conflicts: report.conflicts,
        unknown: report.unknown,
        events: report.events,
        kills: kill,
        stops: stop,
        pauses: pause,
      },
    };
  },
};
