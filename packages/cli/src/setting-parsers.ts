/** One parser for each kind of setting: text in, value out, or a RangeError with what is allowed. */

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof logLevels)[number];

export function parseWholeNumber(text: string, { min, max }: { min: number; max: number }): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new RangeError(`a whole number from ${min} to ${max}`);
}

export function parseText(text: string): string {
  if (text === '' || text.includes('\0')) throw new RangeError('text that is not empty');
  return text;
}

/** A name or an address; an IPv6 address may stand in brackets, as in a URL. */
export function parseHost(text: string): string {
  const host = text.replace(/^\[(.*)\]$/, '$1');
  if (/^[A-Za-z0-9.:%_-]+$/.test(host)) return host;
  throw new RangeError('an IP address or a host name');
}

export function parseLogLevel(text: string): LogLevel {
  const level = logLevels.find((each) => each === text);
  if (level === undefined) throw new RangeError(`one of ${logLevels.join(', ')}`);
  return level;
}

export function parseSwitch(text: string): 'on' | 'off' {
  if (text === 'on' || text === 'off') return text;
  throw new RangeError('on or off');
}

/** What RFC 6750 lets stand behind `Bearer`. */
export function parseToken(text: string): string {
  if (/^[A-Za-z0-9._~+/-]+=*$/.test(text)) return text;
  throw new RangeError('letters, digits and . _ ~ + / - (as in base64), without spaces');
}

/** Origins as browsers send them: scheme, host and port, nothing behind. */
export function parseOrigins(text: string): readonly string[] {
  return items(text).map((item) => {
    const url = URL.parse(item);
    if (url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
    throw new RangeError('origins such as https://example.com:8443, separated by commas');
  });
}

export function parseHosts(text: string): readonly string[] {
  return items(text).map((item) => {
    if (/^[A-Za-z0-9._-]+(:\d+)?$/.test(item)) return item.toLowerCase();
    throw new RangeError('host names such as store.example.com or store:3000, separated by commas');
  });
}

function items(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
