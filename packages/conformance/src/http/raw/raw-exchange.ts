/** One connection, byte by byte: sends what it is given, and reads until the server is done with it. */
import { connect, type Socket } from 'node:net';
import { systemClock } from '@event-store/core';
import type { HttpAnswer } from '../store-client.ts';
import { parseAnswers } from './parse-answers.ts';

/** What came back on one connection. */
interface RawOutcome {
  /** Final answers in their order; 1xx are left out. */
  readonly answers: readonly HttpAnswer[];
  /** Whether the server closed the connection, before anybody asked it to. */
  readonly closed: boolean;
}

interface RawExchange {
  readonly baseUrl: string;
  /** What is sent at once, Latin-1. */
  readonly bytes: string;
  /** What is then sent one byte after the other, until the connection is closed. */
  readonly drip?: string;
  /** Sent after `answers` answers, to see whether the connection still works; its answer is left out. */
  readonly probe?: string;
  readonly answers?: number;
  /** Whether the client closes its half of the connection behind what it has sent. */
  readonly isLast?: boolean;
}

const deadlineMs = 5_000;
const dripMs = 40;

/** A connection to the server under test. */
export function openSocket(baseUrl: string): Socket {
  const { hostname, port } = new URL(baseUrl);
  return connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) });
}

/** Runs one exchange until the server closes the connection or, with a probe, has answered that. */
export function rawExchange(exchange: RawExchange): Promise<RawOutcome> {
  const { baseUrl, bytes, drip = '', probe, answers: expected = 1, isLast = false } = exchange;
  const { promise, resolve } = Promise.withResolvers<RawOutcome>();
  const socket = openSocket(baseUrl);
  let received = '';
  let isProbed = false;
  const finish = ({ closed }: { closed: boolean }): void => {
    deadline.cancel();
    socket.destroy();
    const answers = parseAnswers(received, { hasEnded: closed });
    const isProbeAnswered = isProbed && answers.length > expected;
    resolve({ answers: isProbeAnswered ? answers.slice(0, -1) : answers, closed: closed && !isProbeAnswered });
  };
  const deadline = systemClock.after(deadlineMs, () => finish({ closed: false }));
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    const count = parseAnswers(received, { hasEnded: false }).length;
    if (probe === undefined || count < expected) return;
    if (isProbed && count > expected) finish({ closed: true });
    if (!isProbed) socket.write(probe, 'latin1');
    isProbed = true;
  });
  for (const event of ['end', 'error', 'close']) socket.on(event, () => finish({ closed: true }));
  if (isLast) socket.end(bytes, 'latin1');
  else socket.write(bytes, 'latin1', () => dripInto(socket, drip));
  return promise;
}

function dripInto(socket: Socket, drip: string): void {
  if (drip === '' || socket.destroyed) return;
  socket.write(drip.charAt(0), 'latin1');
  systemClock.after(dripMs, () => dripInto(socket, drip.slice(1)));
}
