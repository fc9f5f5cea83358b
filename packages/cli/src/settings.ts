/**
 * Everything that can be configured, by which flag and which environment variable, in which range.
 * `--help`, the parser and the reference page are made from this one list.
 */
import {
  parseHost,
  parseHosts,
  parseLogLevel,
  parseOrigins,
  parseSwitch,
  parseText,
  parseToken,
  parseWholeNumber,
} from './setting-parsers.ts';

export interface Setting<Value> {
  /** The flag, where there is one, is its name in the list in kebab-case; a secret has none: others could see it. */
  readonly flag?: string;
  readonly variable: string;
  /** Absent where the setting may be left out without one. */
  readonly default?: string;
  readonly description: string;
  /** Returns the value, or throws a RangeError that says what is allowed. */
  readonly parse: (text: string) => Value;
}

export const settings = {
  port: {
    flag: '--port',
    variable: 'PORT',
    default: '3000',
    description: 'TCP port to listen on; 0 takes a free one',
    parse: (text: string) => parseWholeNumber(text, { min: 0, max: 65_535 }),
  },
  host: {
    flag: '--host',
    variable: 'HOST',
    default: '127.0.0.1',
    description: 'address to listen on; 0.0.0.0 or :: for every network',
    parse: parseHost,
  },
  data: {
    flag: '--data',
    variable: 'EVENT_STORE_DATA',
    default: './data',
    description: 'directory of the data; its parent must exist',
    parse: parseText,
  },
  segmentBytes: {
    flag: '--segment-bytes',
    variable: 'EVENT_STORE_SEGMENT_BYTES',
    description: 'size at which the log goes on in a new file',
    parse: (text: string) => parseWholeNumber(text, { min: 4096, max: 2 * 1024 ** 3 }),
  },
  scrubBytesPerSecond: {
    flag: '--scrub-bytes-per-second',
    variable: 'EVENT_STORE_SCRUB_BYTES_PER_SECOND',
    description: 'how fast the log is read again to find damage; 0: not at all',
    parse: (text: string) => parseWholeNumber(text, { min: 0, max: 1024 ** 3 }),
  },
  logLevel: {
    flag: '--log-level',
    variable: 'EVENT_STORE_LOG_LEVEL',
    default: 'info',
    description: 'least serious message to print: trace, debug, info, warn, error, fatal or silent',
    parse: parseLogLevel,
  },
  token: {
    variable: 'EVENT_STORE_TOKEN',
    description: 'bearer token that requests must carry',
    parse: parseToken,
  },
  allowedOrigins: {
    variable: 'EVENT_STORE_ALLOWED_ORIGINS',
    default: '',
    description: 'origins of web pages that may send requests, separated by commas',
    parse: parseOrigins,
  },
  allowedHosts: {
    variable: 'EVENT_STORE_ALLOWED_HOSTS',
    default: '',
    description: 'names by which a store on loopback may be called, separated by commas',
    parse: parseHosts,
  },
  dynamodbTable: {
    variable: 'DYNAMODB_TABLE',
    description: 'table of Amazon DynamoDB to store events in, instead of the data directory',
    parse: parseText,
  },
  awsRegion: {
    variable: 'AWS_REGION',
    description: 'region of that table; credentials are found as by every program that uses Amazon',
    parse: parseText,
  },
  dynamodbEndpoint: {
    variable: 'AWS_ENDPOINT_URL_DYNAMODB',
    description: 'URL of an emulator, or of another store that speaks the protocol',
    parse: parseText,
  },
  feed: {
    variable: 'EVENT_STORE_FEED',
    default: 'on',
    description: 'with DYNAMODB_TABLE: off stores for half the price or less, without the feed of all streams',
    parse: parseSwitch,
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

export type SettingName = keyof typeof settings;
