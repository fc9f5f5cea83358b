/** Questions about text that several parsers ask; Unicode terms as in Unicode 16 and RFC 3629. */

const encoder = new TextEncoder();

/** Whether `text` takes at most `bytesMax` bytes of UTF-8; counts only where the length leaves doubt. */
export function fitsUtf8(text: string, bytesMax: number): boolean {
  if (text.length * 3 <= bytesMax) return true;
  return text.length <= bytesMax && utf8Bytes(text) <= bytesMax;
}

const beyondAscii = /[\u0080-\uffff]/;

/** Bytes of `text` in UTF-8; mostly it is ASCII, where that is its length. */
export function utf8Bytes(text: string): number {
  return beyondAscii.test(text) ? encoder.encode(text).byteLength : text.length;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/;

/** Whether `text` holds a character of Unicode's category Cc (C0, DEL, C1). */
export function hasControlCharacter(text: string): boolean {
  return controlCharacter.test(text);
}

/** Compares two strings in the order of their UTF-8 bytes, which is the order of code points. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

/** UTF-16 puts surrogates (code points from U+10000) below U+E000; code point order puts them last. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** What JSON prints as it is: printable ASCII but for the quote and the backslash. */
const plainText = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** A string as JSON, with every line break of every standard escaped. */
export function jsonString(text: string): string {
  return plainText.test(text) ? `"${text}"` : escapeLineBreaks(JSON.stringify(text));
}

const lineBreaks = /[\u0085\u2028\u2029]/g;

/** Escapes the line breaks that `JSON.stringify` leaves as they are; they only stand inside strings. */
export function escapeLineBreaks(json: string): string {
  return json.search(lineBreaks) < 0 ? json : json.replace(lineBreaks, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
