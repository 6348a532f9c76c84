#!/usr/bin/env node
import { Worker } from 'node:worker_threads'
import { DriveError, toFailure, type Failure } from '#app/errors'
import { login, whoami } from './cli/account.ts'
import { parseCommand, USAGE, type CliCommand } from './cli/args.ts'
import { openSession, readSetup, requireSession } from './cli/setup.ts'
import { exitCode, isAccountFailure, upload } from './cli/upload.ts'
import { jsonView, plainView, terminalView, type UploadView } from './cli/view.ts'
import { sentence } from './cli/words.ts'

/** The command line (design 6): the same engine, in this process. */
async function run(command: CliCommand): Promise<number> {
  const print = (text: string): void => {
    process.stdout.write(`${text}\n`)
  }
  if (command.command === 'help') {
    print(USAGE)
    return 0
  }
  const setup = readSetup(process.env, () => new Worker(new URL('./transfer.worker.js', import.meta.url)))
  switch (command.command) {
    case 'login':
      await login(openSession(setup), command, print)
      return 0
    case 'logout':
      await openSession(setup).signOut()
      return 0
    case 'whoami':
      whoami(await requireSession(openSession(setup)), command.json, print)
      return 0
    case 'upload':
      return exitCode(await upload(setup, command, viewFor(command.json), interrupted()))
  }
}

function viewFor(json: boolean): UploadView {
  if (json) return jsonView(process.stdout, process.stderr)
  return process.stderr.isTTY ? terminalView(process.stderr) : plainView(process.stdout, process.stderr)
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
    return await run(parseCommand(process.argv.slice(2)))
  } catch (thrown) {
    const failure = toFailure(thrown)
    const usage =
      thrown instanceof DriveError && failure.code === 'invalid-argument' ? '\nSee: pan123 help' : ''
    process.stderr.write(`pan123: ${sentence(failure)}${usage}\n`)
    return exitFor(failure)
  }
}

// Not process.exit: what was written to a pipe must get there.
process.exitCode = (await main()) || (output.lost ? 1 : 0)
