import { execFileSync } from 'node:child_process'

/** Runs a program of this folder where the system lets it watch only so many, and gives what it prints. Linux only. */
export function withFewWatches(watches: number, program: string, ...args: readonly string[]): string {
  const script = `echo ${watches} > /proc/sys/user/max_inotify_watches && exec "$0" --import tsx "$@"`
  const command = ['-Ur', 'sh', '-c', script, process.execPath, `test/support/sync/${program}.ts`, ...args]
  return execFileSync('unshare', command, { encoding: 'utf8' })
}
