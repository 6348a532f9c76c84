import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron'
import { z } from 'zod'
import { DriveError, toFailure } from '#app/errors'
import { OUTCOMES } from '#app/history'
import type { Args, CommandName, EventName, Events, Reply, Result } from '#app/ipc'
import type { TransferId } from '#app/transfer'
import { credentialsSchema } from '../session/secret.ts'
import { remotePath, settingsChange } from './settings.ts'
import { SYNC_ARGUMENTS } from './sync-arguments.ts'

/** What each command does; a missing one does not compile. */
export type CommandHandlers = {
  readonly [C in CommandName]: (...args: Args<C>) => Promise<Reply<C>> | Reply<C>
}

const id = z.uuid().transform((text) => text as TransferId)
const ids = z.array(id).max(100_000).readonly()
const which = z.union([ids, z.literal('all')])
/** A week; longer is until resumed. */
const MAX_PAUSE_MS = 7 * 24 * 60 * 60_000
const path = z.string().min(1).max(32_768)
const paths = z.array(path).max(100_000).readonly()
const historyFilter = { text: z.string().max(1000), outcome: z.enum(['any', ...OUTCOMES]) }

/** The trust boundary: everything a renderer sends is parsed here, by one schema a command. */
const ARGUMENTS: { readonly [C in CommandName]: z.ZodType<Args<C>> } = {
  'session.get': z.tuple([]),
  'session.signIn': z.tuple([credentialsSchema, z.enum(['keychain', 'session-only'])]),
  'session.signOut': z.tuple([]),
  'session.reload': z.tuple([]),
  'settings.get': z.tuple([]),
  'settings.change': z.tuple([settingsChange]) as z.ZodType<Args<'settings.change'>>, // zod's partial() allows undefined, the contract leaves out.
  'settings.setProxyPassword': z.tuple([z.string().max(255)]),
  'settings.hasProxyPassword': z.tuple([]),
  'dialog.choose': z.tuple([z.enum(['files', 'folders', 'folder'])]),
  'transfers.follow': z.tuple([]),
  'transfers.add': z.tuple([paths]),
  'transfers.retry': z.union([
    z.tuple([ids]),
    z.tuple([ids, z.enum(['fail', 'keep-both', 'overwrite', 'skip'])]),
  ]),
  'transfers.cancel': z.tuple([ids]),
  'transfers.pause': z.union([
    z.tuple([which]),
    z.tuple([which, z.number().int().positive().max(MAX_PAUSE_MS)]),
  ]),
  'transfers.resume': z.tuple([which]),
  'transfers.reorder': z.tuple([ids, z.enum(['first', 'last'])]),
  'transfers.clear': z.tuple([ids]),
  'transfers.showInFolder': z.tuple([id]),
  'transfers.details': z.tuple([id]),
  'transfers.preview': z.tuple([paths]),
  'queue.get': z.tuple([]),
  'queue.reconnect': z.tuple([]),
  'queue.goAnyway': z.tuple([]),
  'problems.get': z.tuple([]),
  'problems.retry': z.tuple([paths]),
  'problems.showInFolder': z.tuple([path]),
  'problems.dismiss': z.tuple([paths]),
  ...SYNC_ARGUMENTS,
  'history.find': z.tuple([
    z.strictObject({
      ...historyFilter,
      offset: z.int().min(0),
      limit: z.int().min(1).max(500),
    }),
  ]),
  'history.export': z.tuple([z.strictObject(historyFilter)]),
  'link.open': z.tuple([z.enum(['developer-portal', 'website', 'login-items'])]),
  'launch.get': z.tuple([]),
  'launch.answer': z.union([
    z.tuple([z.uuid()]),
    z.tuple([
      z.uuid(),
      z.strictObject({
        destination: remotePath,
        onDuplicate: z.enum(['fail', 'keep-both', 'overwrite', 'skip']),
      }),
    ]),
  ]),
  'cloud.folders': z.tuple([remotePath]),
  'app.info': z.tuple([]),
  'app.openDataFolder': z.tuple([]),
  'app.licences': z.tuple([]),
  'shellMenu.get': z.tuple([]),
  'shellMenu.set': z.tuple([z.boolean()]),
  'autostart.get': z.tuple([]),
  'autostart.set': z.tuple([z.boolean()]),
  'diagnostics.export': z.tuple([]),
  'diagnostics.showInFolder': z.tuple([]),
  'crash.get': z.tuple([]),
  'crash.dismiss': z.tuple([]),
  'update.get': z.tuple([]),
  'update.check': z.tuple([]),
  'update.install': z.tuple([]),
  'update.openPage': z.tuple([]),
}

/** The one `ipcMain.handle` for commands (design 8): checks the frame, parses the arguments, and lets no error cross but as plain data. */
export function serveCommands(
  handlers: CommandHandlers,
  isTrusted: (event: IpcMainInvokeEvent) => boolean,
): void {
  for (const command of Object.keys(handlers) as CommandName[]) bind(command, handlers[command], isTrusted)
}

function bind<C extends CommandName>(
  command: C,
  handler: CommandHandlers[C],
  isTrusted: (event: IpcMainInvokeEvent) => boolean,
): void {
  ipcMain.handle(command, async (event, ...args: unknown[]): Promise<Result<Reply<C>>> => {
    try {
      if (!isTrusted(event)) throw new DriveError('invalid-argument', `${command} from a foreign frame`)
      return { ok: true, value: await handler(...parse(command, args)) }
    } catch (thrown) {
      return { ok: false, failure: toFailure(thrown) }
    }
  })
}

function parse<C extends CommandName>(command: C, args: unknown): Args<C> {
  // Typed by the table; TypeScript does not look through an index that is itself a type parameter.
  const schema = ARGUMENTS[command] as z.ZodType<Args<C>>
  const parsed = schema.safeParse(args)
  // The reason would quote what was sent.
  if (!parsed.success) throw new DriveError('invalid-argument', `${command}: wrong arguments`)
  return parsed.data
}

export function emit<E extends EventName>(to: WebContents | undefined, event: E, payload: Events[E]): void {
  if (to && !to.isDestroyed() && !to.isCrashed()) to.send(event, payload)
}
