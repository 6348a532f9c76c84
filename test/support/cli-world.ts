import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { startEmulator, type Emulator } from '#emulator/emulator'

/** What the built command line meets: the emulator, and a folder that has its data folder in it. */
export interface CliWorld {
  readonly emulator: Emulator
  readonly folder: string
  /** The variables of somebody who is signed in by `PAN123_TOKEN`. */
  env(more?: Readonly<Record<string, string>>): Record<string, string>
  withoutToken(): Record<string, string>
}

/** A new one for each test of the file. */
export function cliWorld(): CliWorld {
  let emulator: Emulator
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pan123-cli-'))
    emulator = await startEmulator()
  })
  afterEach(async () => {
    await emulator.close()
    await rm(folder, { recursive: true, force: true })
  })
  const withoutToken = (): Record<string, string> => ({
    PAN123_API_URL: emulator.url,
    PAN123_DATA_DIR: join(folder, 'data'),
  })
  return {
    get emulator() {
      return emulator
    },
    get folder() {
      return folder
    },
    env: (more = {}) => ({ ...withoutToken(), PAN123_TOKEN: emulator.token, ...more }),
    withoutToken,
  }
}
