import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A path that every way of quoting has to get through. */
export const ODD_PATH = '程序 dir/it\'s "100%F" $HOME `id` \\n a&b<c>/123pan Sync.AppImage'

/** Stands in for the app: writes down, as bytes, what it was called with. */
export interface FakeProgram {
  readonly path: string
  /** Every call so far, once there are so many. An argument is latin1: a character a byte. */
  calls(atLeast: number): Promise<readonly (readonly string[])[]>
}

export function fakeProgram(path: string): FakeProgram {
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true })
  // $0 is the path by which it was called: right only if that is.
  writeFileSync(
    path,
    `#!/bin/sh\nout="$(dirname "$0")/call-$$"\nprintf '%s\\0' "$@" > "$out.part"\nmv "$out.part" "$out.done"\n`,
  )
  chmodSync(path, 0o755)
  const read = () =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.done'))
      .map((name) => readFileSync(join(folder, name), 'latin1').split('\0').slice(0, -1))
  return {
    path,
    calls: async (atLeast) => {
      for (;;) {
        const calls = read()
        if (calls.length >= atLeast) return calls
        await sleep(20)
      }
    },
  }
}

/** Names as bytes (latin1) that are lost where somebody takes a name for a word, a line or text. */
export const ODD_NAMES = [
  'plain.txt',
  'two words',
  "it's",
  '"quoted" $HOME `id` \\',
  'line\nbreak',
  '50%F0 %%',
  '-dash',
  'semi;colon & <tag>',
  Buffer.from('照片 ü').toString('latin1'),
  'not\xfftext',
]
