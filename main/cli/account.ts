import { createInterface } from 'node:readline/promises'
import { DriveError } from '#app/errors'
import type { Credentials, Session } from '#app/session'
import type { AccountSession } from '../session/account-session.ts'
import { credentialsSchema } from '../session/secret.ts'
import type { CliCommand } from './args.ts'
import { printable } from './bars.ts'

export type Print = (text: string) => void

/** Into the keychain. Secrets come by standard input or a prompt that does not echo, never by argument: arguments are for all to see. */
export async function login(
  session: AccountSession,
  command: CliCommand & { command: 'login' },
  print: Print,
): Promise<void> {
  const credentials = await readCredentials(command)
  const state = await session.signIn(credentials, 'keychain')
  print(describe(state))
}

export function whoami(state: Session & { status: 'signed-in' }, json: boolean, print: Print): void {
  if (state.problem) throw DriveError.from(state.problem)
  if (!json) {
    print(describe(state))
    return
  }
  const { account, kept, expiresAt } = state
  print(
    JSON.stringify({
      ...account,
      kept,
      ...(expiresAt ? { expiresAt: new Date(expiresAt).toISOString() } : {}),
    }),
  )
}

function describe(state: Session): string {
  if (state.status !== 'signed-in' || !state.account) return ''
  const { nickname, uid, usedBytes, totalBytes } = state.account
  const gigabytes = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1)
  const until = state.expiresAt ? `, until ${new Date(state.expiresAt).toISOString().slice(0, 10)}` : ''
  return `${printable(nickname) || uid} (uid ${uid}), ${gigabytes(usedBytes)} of ${gigabytes(totalBytes)} GB used${until}`
}

async function readCredentials(command: CliCommand & { command: 'login' }): Promise<Credentials> {
  switch (command.from) {
    case 'token-stdin':
      return accept({ kind: 'token', token: await readStdin() })
    case 'secret-stdin':
      return accept({ kind: 'client', clientID: command.clientID, clientSecret: await readStdin() })
    case 'prompt':
      return prompt()
  }
}

function accept(credentials: Credentials): Credentials {
  const parsed = credentialsSchema.safeParse(credentials)
  // The reason would quote the value.
  if (!parsed.success)
    throw new DriveError('invalid-argument', 'That is no token or secret: empty, or with spaces in it')
  return parsed.data
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8').trim()
}

async function prompt(): Promise<Credentials> {
  if (!process.stdin.isTTY)
    throw new DriveError('invalid-argument', 'No terminal: use --token-stdin or --secret-stdin')
  const clientID = await ask('client ID (empty: paste an access token instead): ', true)
  if (clientID === '') return accept({ kind: 'token', token: await ask('access token: ', false) })
  return accept({ kind: 'client', clientID, clientSecret: await ask('client secret: ', false) })
}

async function ask(question: string, echo: boolean): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: true })
  process.stderr.write(question)
  // readline writes what is typed through this method; without it nothing shows.
  if (!echo) Object.assign(terminal, { _writeToOutput: () => undefined })
  try {
    return (await terminal.question('')).trim()
  } finally {
    terminal.close()
    if (!echo) process.stderr.write('\n')
  }
}
