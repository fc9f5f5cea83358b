/** Which numbers survive being parsed and printed: checked against exact arithmetic. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { holdsInexact, holdsNumber, parseJson, parseMarkingInexact } from '../src/parse-json.ts';
import { refusalOf } from './parsing.ts';

function isKept(source: string): boolean {
  return !holdsInexact(parseMarkingInexact(`[${source}]`));
}

describe('numbers', () => {
  const kept = ['0', '-0', '0.0', '0e999999999999', '1', '-1', '1.0', '1.50', '1E2', '1e+2', '100e-2', '0.1', '1e21'];
  const edges = ['9007199254740992', '9007199254740994', '1.7976931348623157e308', '5e-324', '123456789012345680000'];
  for (const source of [...kept, ...edges]) it(`${source} is kept`, () => assert.ok(isKept(source)));

  const changed = ['9007199254740993', '12345678901234567890', '1e400', '-1e309', '1e-400', '4e-324', '1e99999999999'];
  const digits = [
    '0.30000000000000001',
    '3.14159265358979323846',
    '1.79769313486231570001e308',
    '0.10000000000000000001',
  ];
  for (const source of [...changed, ...digits]) it(`${source} is not`, () => assert.ok(!isKept(source)));

  it('are kept exactly when what is printed has the same value', () => {
    const digitString = fc.stringMatching(/^(0|[1-9][0-9]{0,24})$/);
    const source = fc
      .tuple(
        fc.constantFrom('', '-'),
        digitString,
        fc.option(fc.stringMatching(/^[0-9]{1,24}$/)),
        fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-'), fc.integer({ min: 0, max: 330 }))),
      )
      .map(([sign, whole, fraction, exponent]) =>
        [sign, whole, fraction === null ? '' : `.${fraction}`, exponent === null ? '' : exponent.join('')].join(''),
      );
    fc.assert(
      fc.property(source, (text) => {
        const value: number = JSON.parse(text);
        assert.equal(isKept(text), Number.isFinite(value) && sameValue(text, String(value)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('are kept when they are doubles as JavaScript prints them', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => isKept(JSON.stringify(value))),
      { numRuns: 1_000 },
    );
  });

  it('are found wherever they stand', () => {
    assert.ok(holdsNumber({ a: [{ b: 1 }] }));
    assert.ok(holdsNumber(0));
    for (const value of [{}, [], 'x1', null, undefined, true, { a: ['1', { b: null }] }])
      assert.ok(!holdsNumber(value));
    assert.ok(!holdsInexact(parseMarkingInexact('{"a":"1e400","b":[1,2]}')));
  });
});

describe('parseJson', () => {
  it('gives what JSON.parse gives, whatever the value', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        assert.deepEqual(parseJson(text, 64), JSON.parse(text));
      }),
    );
  });

  it('refuses exactly what is deeper than the limit', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.integer({ min: 0, max: 6 }), (value, depthMax) => {
        const refusal = refusalOf(() => parseJson(JSON.stringify(value), depthMax));
        const expected = { code: 'json-too-deep', details: { limit: depthMax } };
        assert.deepEqual(refusal, depthOf(value) > depthMax ? expected : undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('fails with its own error, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\ 0e-tn\n') }), (text) => {
        assert.equal(refusalOf(() => parseJson(text, 3)) === undefined, isShallowJson(text, 3));
      }),
      { numRuns: 5_000 },
    );
  });
});

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function isShallowJson(text: string, depthMax: number): boolean {
  try {
    return depthOf(JSON.parse(text)) <= depthMax;
  } catch {
    return false;
  }
}

/** Whether two decimal numerals have the same value, in whole numbers of any size. */
function sameValue(a: string, b: string): boolean {
  const [x, y] = [scaled(a), scaled(b)];
  const exponent = Math.min(x.exponent, y.exponent);
  return x.digits * 10n ** BigInt(x.exponent - exponent) === y.digits * 10n ** BigInt(y.exponent - exponent);
}

function scaled(text: string): { digits: bigint; exponent: number } {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return {
    digits: BigInt(whole.replace('-', '') + fraction) * (text.startsWith('-') ? -1n : 1n),
    exponent: Number(exponent) - fraction.length,
  };
}
