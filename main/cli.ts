#!/usr/bin/env node
import { Worker } from 'node:worker_threads'
import { DriveError, toFailure, type Failure } from '#app/errors'
import { login, logout, whoami } from './cli/account.ts'
import { parseCommand, type CliCommand } from './cli/args.ts'
import { openSession, readSetup, requireSession } from './cli/setup.ts'
import { exitCode, isAccountFailure, upload } from './cli/upload.ts'
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
  const startThread = (): Worker => new Worker(new URL('./transfer.worker.js', import.meta.url))
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
    case 'upload':
      return exitCode(await upload(setup, command, viewFor(command.json), interrupted()))
  }
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
