/**
 * A disk whose power can be cut: an ext4 file system in an image on a tmpfs, mounted through a loop
 * device. EXT4_IOC_SHUTDOWN stops it as it is, without writing its journal or anything that is
 * only in the page cache; mounting it again recovers it as after a real cut. A machine without power
 * answers nobody, but here the processes go on, and a sync that the cut overtakes may still return
 * as if it were done; so clients must be severed from the store before.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Need } from './needs.ts';

export const cuttableDiskNeeds: readonly Need[] = ['root', 'loop devices', 'ext4', 'perl'];

const imageBytes = 64 * 1024 * 1024;

/** The ioctl's number and its flag EXT4_GOING_FLAGS_NOLOGFLUSH. */
const shutdown = `
  open(my $directory, "<", $ARGV[0]) or die $!;
  my $flag = pack("L", 2);
  ioctl($directory, 0x8004587D, $flag) or die $!;
`;

export class CuttableDisk {
  /** Where the disk is mounted. */
  readonly directory: string;
  readonly #image: string;
  readonly #memory: string;
  #isMounted = false;

  constructor(parent: string) {
    this.#memory = join(parent, 'memory');
    this.#image = join(this.#memory, 'image');
    this.directory = join(parent, 'disk');
    mkdirSync(this.#memory);
    mkdirSync(this.directory);
    run('mount', '-t', 'tmpfs', '-o', `size=${2 * imageBytes}`, 'none', this.#memory);
    writeFileSync(this.#image, '');
    truncateSync(this.#image, imageBytes);
    run('mkfs.ext4', '-q', '-F', this.#image);
    this.mount();
  }

  mount(): void {
    run('mount', '-o', 'loop', this.#image, this.directory);
    this.#isMounted = true;
  }

  /** From now on nothing reaches the disk, and every write and sync fails. */
  cut(): void {
    run('perl', '-e', shutdown, this.directory);
  }

  /** Fails while anybody has a file of it open. */
  unmount(): void {
    run('umount', this.directory);
    this.#isMounted = false;
  }

  /** Gives everything back, whoever still uses it. */
  discard(): void {
    if (this.#isMounted) run('umount', '--lazy', this.directory);
    run('umount', '--lazy', this.#memory);
  }
}

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
