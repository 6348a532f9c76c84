import { createInterface } from 'node:readline/promises'
import { DriveError } from '#app/errors'
import type { Credentials, Session } from '#app/session'
import type { AccountSession } from '../session/account-session.ts'
import { credentialsSchema } from '../session/secret.ts'
import type { CliCommand } from './args.ts'
import { usage } from './options.ts'
import { printable } from './columns.ts'
import type { CliTexts } from './texts.ts'

export type Print = (text: string) => void

/** Into the keychain. Secrets come by standard input or a prompt that does not echo, never by argument: arguments are for all to see. */
export async function login(
  session: AccountSession,
  command: CliCommand & { command: 'login' },
  texts: CliTexts,
  print: Print,
): Promise<void> {
  const credentials = await readCredentials(command, texts)
  const state = await session.signIn(credentials, 'keychain')
  print(describe(state, texts))
}

/** `environment`: variables sign in too, and no keychain can change that. */
export async function logout(
  session: Pick<AccountSession, 'signOut'>,
  environment: boolean,
  texts: CliTexts,
  print: Print,
): Promise<void> {
  print((await session.signOut()) ? texts.signedOut : texts.nobodyWasSignedIn)
  if (environment) print(texts.environmentStays)
}

export function whoami(
  state: Session & { status: 'signed-in' },
  json: boolean,
  texts: CliTexts,
  print: Print,
): void {
  if (state.problem) throw DriveError.from(state.problem)
  if (!json) {
    print(describe(state, texts))
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

function describe(state: Session, texts: CliTexts): string {
  if (state.status !== 'signed-in' || !state.account) return ''
  const { nickname, uid, usedBytes, totalBytes } = state.account
  const gigabytes = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GB`
  const until = state.expiresAt ? texts.until(new Date(state.expiresAt).toISOString().slice(0, 10)) : ''
  const name = printable(nickname) || uid
  return texts.account(name, uid, gigabytes(usedBytes), gigabytes(totalBytes)) + until
}

async function readCredentials(
  command: CliCommand & { command: 'login' },
  texts: CliTexts,
): Promise<Credentials> {
  switch (command.from) {
    case 'token-stdin':
      return accept({ kind: 'token', token: await readStdin() }, texts)
    case 'secret-stdin':
      return accept({ kind: 'client', clientID: command.clientID, clientSecret: await readStdin() }, texts)
    case 'prompt':
      return prompt(texts)
  }
}

function accept(credentials: Credentials, { wrong }: CliTexts): Credentials {
  const parsed = credentialsSchema.safeParse(credentials)
  // The reason would quote the value.
  if (!parsed.success) throw usage(wrong.secret)
  return parsed.data
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8').trim()
}

async function prompt(texts: CliTexts): Promise<Credentials> {
  if (!process.stdin.isTTY) throw usage(texts.wrong.noTerminal)
  const clientID = await ask(texts.ask.clientID, true)
  if (clientID === '') return accept({ kind: 'token', token: await ask(texts.ask.token, false) }, texts)
  return accept({ kind: 'client', clientID, clientSecret: await ask(texts.ask.secret, false) }, texts)
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
