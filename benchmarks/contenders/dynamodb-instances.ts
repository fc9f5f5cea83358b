import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createTable, startDynoxide } from '../../packages/engine-dynamodb/test/emulator.ts';
import type { TableLoad, TableWork } from '../load/table-client.ts';
import { cpuSecondsOf } from '../measure/cpu-seconds.ts';
import type { Contender } from './contender.ts';

/** Appends to a table from all clients at once. */
export interface AppendsToTable {
  appendToTable(load: { readonly seconds: number }): Promise<TableAppends>;
}

export interface TableAppends {
  readonly appendsPerSecond: number;
  /** Cores kept busy: by all instances with their clients, and by the emulator. */
  readonly instanceCores: number;
  readonly emulatorCores: number;
}

export interface InstancesOptions {
  readonly name: string;
  readonly promise: string;
  readonly what: 'bare' | 'off' | 'on';
  readonly instances: number;
  /** In all, spread evenly over the instances. */
  readonly clients: number;
  /** How far away the table is, there and back. */
  readonly distanceMs: number;
}

const program = fileURLToPath(new URL('../load/table-client.ts', import.meta.url));

/** Instances in processes of their own, each with its part of the clients, over one emulator of DynamoDB. */
export function dynamodbInstances(options: InstancesOptions): Contender<AppendsToTable> {
  const { name, promise, what, instances, clients, distanceMs } = options;
  return {
    name,
    promise,
    async start() {
      const emulator = await startDynoxide();
      const { endpoint, table } = await createTable(emulator);
      const children = Array.from({ length: instances }, (_, index) =>
        fork(program, [endpoint, table, what, `${distanceMs}`, `${index}`, `${instances}`]),
      );
      return {
        processId: undefined,
        versions: { node: process.versions.node },
        async appendToTable({ seconds }) {
          const before = cpuSecondsOf(emulator.processId);
          const done = await Promise.all(
            children.map(async (child) => {
              child.send({ clients: Math.ceil(clients / instances), seconds } satisfies TableLoad);
              const [answer] = await once(child, 'message');
              return answer as TableWork;
            }),
          );
          const sum = (of: (work: TableWork) => number) => done.reduce((total, work) => total + of(work), 0);
          return {
            appendsPerSecond: sum((work) => work.appends / work.seconds),
            instanceCores: sum((work) => work.cpuSeconds / work.seconds),
            emulatorCores: (cpuSecondsOf(emulator.processId) - before) / seconds,
          };
        },
        async stop() {
          await Promise.all(
            children.map((child) => {
              child.kill();
              return once(child, 'exit');
            }),
          );
          await emulator.stop();
        },
      };
    },
  };
}
