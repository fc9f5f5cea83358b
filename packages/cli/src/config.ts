/** Flags and environment to a typed configuration; flags win, and an empty variable is not set. */
import { StartError } from '@event-store/core';
import { type Setting, type SettingName, settings } from './settings.ts';

type Value<Name extends SettingName> = ReturnType<(typeof settings)[Name]['parse']>;

/** A setting that has a default is always there. */
type HasDefault<Name extends SettingName> = (typeof settings)[Name] extends { readonly default: string } ? true : false;

export type Config = {
  readonly [Name in SettingName]: HasDefault<Name> extends true ? Value<Name> : Value<Name> | undefined;
};

export interface ConfigSources {
  /** Given flags by the name of their setting. */
  readonly flags: Readonly<Partial<Record<SettingName, string>>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** @throws StartError `usage` that names the flag or variable and what it may be. */
export function parseConfig({ flags, environment }: ConfigSources): Config {
  const values = Object.entries<Setting<unknown>>(settings).map(([name, setting]) => {
    const flag = flags[name as SettingName];
    const variable = environment[setting.variable] || undefined;
    if (flag !== undefined) return [name, parse(setting, { from: setting.flag, text: flag })];
    return [name, parse(setting, { from: setting.variable, text: variable ?? setting.default })];
  });
  return Object.fromEntries(values);
}

function parse(setting: Setting<unknown>, given: { from: string | undefined; text: string | undefined }): unknown {
  if (given.text === undefined) return undefined;
  try {
    return setting.parse(given.text);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new StartError('usage', `${given.from} must be ${cause.message}.`, { cause });
  }
}
