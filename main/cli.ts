#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { DriveError, toFailure, type Failure } from '#app/errors'
import type { Transfer } from '#app/transfer'
import { login, logout, whoami } from './cli/account.ts'
import { parseCommand, type CliCommand } from './cli/args.ts'
import { changeQueue, find, resumeElsewhere } from './cli/queue.ts'
import { openSession, readSetup, requireSession, type CliSetup } from './cli/setup.ts'
import { jsonSyncView, textSyncView } from './cli/sync-view.ts'
import { sync, syncExitCode } from './cli/sync.ts'
import { exitCode, isAccountFailure, resume, upload } from './cli/upload.ts'
import { jsonView, plainView, terminalView, type UploadView } from './cli/view.ts'
import { CLI_TEXTS, languageOf, sentence } from './cli/words.ts'

const language = languageOf(process.env)
const texts = CLI_TEXTS[language]

/** The command line (design 6): the same engine, in this process. */
async function run(command: CliCommand): Promise<number> {
  const print = (text: string): void => {
    process.stdout.write(`${text}\n`)
  }
  if (command.command === 'help') {
    print(texts.usage)
    return 0
  }
  if (command.command === 'version') {
    print(`pan123 ${ownVersion()}`)
    return 0
  }
  const startThread = (name: string): Worker => new Worker(new URL(`./${name}.worker.js`, import.meta.url))
  const setup = readSetup(process.env, texts.wrong, startThread)
  switch (command.command) {
    case 'login':
      await login(openSession(setup), command, texts, print)
      return 0
    case 'logout':
      await logout(openSession(setup), setup.environment !== undefined, texts, print)
      return 0
    case 'whoami':
      whoami(await requireSession(openSession(setup)), command.json, texts, print)
      return 0
    case 'resume':
      return resumeQueue(setup, command)
    case 'list':
    case 'pause':
    case 'retry':
    case 'cancel':
    case 'clear':
    case 'first':
    case 'last':
      await changeQueue(setup, command, texts, print)
      return 0
    case 'sync': {
      const { json } = command
      const view = json
        ? jsonSyncView(viewFor(true), process.stdout, language)
        : textSyncView(viewFor(false), process.stdout, process.stderr, language)
      return syncExitCode(await sync(setup, command, view, interrupted()))
    }
    case 'upload':
      return exitCode(await upload(setup, command, viewFor(command.json), interrupted()))
  }
}

/** Of the program that this file is in, packed or built: each has its package.json two folders up. */
function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}

/** By whoever holds the data folder; else here. */
async function resumeQueue(
  setup: CliSetup,
  { which, json }: CliCommand & { command: 'resume' },
): Promise<number> {
  const elsewhere = await resumeElsewhere(setup, which, texts)
  if (elsewhere !== undefined) {
    process.stderr.write(`${texts.goesOnElsewhere(elsewhere)}\n`)
    return 0
  }
  const meant = (all: readonly Transfer[]) => (which === 'all' ? which : find(which, all, texts))
  return exitCode(await resume(setup, meant, viewFor(json), interrupted()))
}

function viewFor(json: boolean): UploadView {
  if (json) return jsonView(process.stdout, process.stderr, language)
  return process.stderr.isTTY
    ? terminalView(process.stderr, language)
    : plainView(process.stdout, process.stderr, language)
}

/** The first Ctrl+C ends in order; a second one ends at once, as nobody listens any more. */
function interrupted(): Promise<Failure> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
      resolve({ code: 'cancelled', message: 'Interrupted' })
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}

function exitFor(failure: Failure): number {
  if (failure.code === 'invalid-argument') return 2
  return isAccountFailure(failure) ? 3 : 1
}

/** Whoever reads may leave (`| head`), a log's disk may be full: the upload goes on, and the exit code says that not all was said. */
const output = { lost: false }
for (const stream of [process.stdout, process.stderr])
  stream.on('error', () => {
    output.lost = true
  })

async function main(): Promise<number> {
  try {
    return await run(parseCommand(process.argv.slice(2), texts.wrong))
  } catch (thrown) {
    const failure = toFailure(thrown)
    const usage =
      thrown instanceof DriveError && failure.code === 'invalid-argument' ? `\n${texts.seeHelp}` : ''
    process.stderr.write(`pan123: ${sentence(failure, language)}${usage}\n`)
    return exitFor(failure)
  }
}

// Not process.exit: what was written to a pipe must get there.
process.exitCode = (await main()) || (output.lost ? 1 : 0)
