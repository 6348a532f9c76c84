import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { LogEntry } from '#app/log'
import { LogFile } from '#main/diagnostics/log-file'
import { tempFolder } from '#test/temp-folder'

const NOW = Date.UTC(2026, 10, 26, 12)
const entry = (text: string): LogEntry => ({ level: 'info', part: 'app', text })
const open = (folder: string, more: { maxBytes?: number; files?: number } = {}): LogFile =>
  new LogFile({ folder, known: ['liming'], now: () => NOW, ...more })
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)

test('a line of JSON an entry, for its owner alone, and redacted whatever it is', async () => {
  const folder = join(tempFolder(), 'logs')
  const log = open(folder)
  log.write(entry('started'))
  log.write({ level: 'error', part: 'engine', text: "open '/home/liming/a b.pdf' Bearer abc by liming" })
  await log.flush()
  const lines = readFileSync(join(folder, 'app.log'), 'utf8').trim().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { time: '2026-11-26T12:00:00.000Z', level: 'info', part: 'app', text: 'started' },
    {
      time: '2026-11-26T12:00:00.000Z',
      level: 'error',
      part: 'engine',
      text: 'open [text] Bearer [redacted] by [redacted]',
    },
  ])
  expect([mode(folder), mode(join(folder, 'app.log'))]).toEqual(['700', '600'])
})

test('goes on in the file of an earlier run, and in another one once that is full; the oldest go', async () => {
  const folder = join(tempFolder(), 'logs')
  for (let no = 0; no < 200; no++) {
    const log = open(folder, { maxBytes: 1000, files: 3 })
    log.write(entry(`entry ${no}`))
    await log.flush()
  }
  expect(readdirSync(folder).sort()).toEqual(['app.1.log', 'app.2.log', 'app.log'])
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size)
  for (const size of sizes) expect(size).toBeLessThanOrEqual(1000)
  const all = ['app.2.log', 'app.1.log', 'app.log'].map((name) => readFileSync(join(folder, name), 'utf8'))
  const numbers = [...all.join('').matchAll(/entry (\d+)/gu)].map(([, no]) => Number(no))
  const first = numbers[0] ?? NaN
  expect(numbers.length).toBeGreaterThan(20)
  expect(numbers).toEqual(Array.from({ length: 200 - first }, (_, index) => first + index))
})

test('a flood is bounded in memory and on disk, and what was lost of it is said', async () => {
  const folder = join(tempFolder(), 'logs')
  const log = open(folder, { maxBytes: 20_000, files: 2 })
  for (let no = 0; no < 50_000; no++) log.write(entry(`entry ${no}`))
  await log.flush()
  log.write(entry('after'))
  await log.flush()
  const text = ['app.1.log', 'app.log'].map((name) => readFileSync(join(folder, name), 'utf8')).join('')
  expect(text.length).toBeLessThanOrEqual(40_000)
  expect(text).toMatch(/\d{5} more/u)
  expect(text).toContain('after')
})

test('a folder that can’t be made or written is nobody’s trouble, and is tried again', async () => {
  const folder = join(tempFolder(), 'logs')
  writeFileSync(folder, 'a file stands there')
  const log = open(folder)
  log.write(entry('lost'))
  await log.flush()
  expect(await log.read()).toEqual({})
  rmSync(folder)
  log.write(entry('kept'))
  await log.flush()
  expect(readFileSync(join(folder, 'app.log'), 'utf8')).toContain('kept')
  // Gone while the app runs.
  rmSync(folder, { recursive: true })
  log.write(entry('lost'))
  await log.flush()
  log.write(entry('kept again'))
  await log.flush()
  expect(readFileSync(join(folder, 'app.log'), 'utf8')).toContain('kept again')
})

test('a file that can’t be written is nobody’s trouble', async () => {
  const folder = join(tempFolder(), 'logs')
  mkdirSync(join(folder, 'app.log'), { recursive: true })
  chmodSync(folder, 0o500)
  const log = open(folder)
  log.write(entry('lost'))
  await log.flush()
  expect(await log.read()).toEqual({})
})
