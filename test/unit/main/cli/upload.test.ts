import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseCommand } from '#main/cli/args'
import { readSetup } from '#main/cli/setup'
import { upload } from '#main/cli/upload'
import { plainView } from '#main/cli/view'
import { CLI_TEXTS } from '#main/cli/words'
import { serveTransfers, socketPathOf, type TransfersServer } from '#main/engine/socket'
import { FakeTerminal } from '#test/fake-terminal'
import { failureOf } from '#test/failures'

let dataDir: string
let app: TransfersServer

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pan123-upload-'))
  // It is never asked for anything: the command is refused before.
  app = await serveTransfers(socketPathOf(dataDir), 'app', () => Promise.reject(new Error('not asked')))
})
afterEach(async () => {
  await app.close()
  await rm(dataDir, { recursive: true, force: true })
})

test.each([
  { option: '--concurrency', value: '1' },
  { option: '--limit-rate', value: '2M' },
  { option: '--single-max', value: '1M' },
])('$option cannot be asked of the app that is running: it holds the folder', async ({ option, value }) => {
  const { wrong } = CLI_TEXTS.en
  const command = parseCommand(['upload', 'a.txt', option, value], wrong)
  if (command.command !== 'upload') throw new Error('not an upload')
  const setup = readSetup({ PAN123_DATA_DIR: dataDir }, wrong, () => {
    throw new Error('No thread is started here')
  })
  const view = plainView(new FakeTerminal(), new FakeTerminal(), 'en')
  const never = new Promise<never>(() => undefined)
  expect(await failureOf(upload(setup, command, view, never))).toMatchObject({ code: 'data-folder-held' })
})
