import { z } from 'zod'
import type { Args, CommandName } from '#app/ipc'
import type { PairChange, PairId } from '#app/sync/pair'
import { ignoreRules } from './settings.ts'

const id = z.uuid().transform((text) => text as PairId)
const which = z.union([id, z.literal('all')])
/** A week; longer is until resumed. */
const MAX_PAUSE_MS = 7 * 24 * 60 * 60_000
const wanted = z.strictObject({
  localPath: z.string().min(1).max(32_768),
  remotePath: z.string().max(4096).startsWith('/'),
  mode: z.enum(['backup', 'mirror']),
})
const change = z
  .strictObject({
    mode: z.enum(['backup', 'mirror']),
    replace: z.enum(['beside', 'overwrite']),
    exclude: ignoreRules,
    twins: z.boolean(),
  })
  .partial() as z.ZodType<PairChange> // zod's partial() allows undefined, the contract leaves out.

type SyncCommand = Extract<CommandName, `sync.${string}`>

/** What a page may ask about folder pairs. */
export const SYNC_ARGUMENTS: { readonly [C in SyncCommand]: z.ZodType<Args<C>> } = {
  'sync.list': z.tuple([]),
  'sync.preview': z.tuple([wanted]),
  'sync.add': z.tuple([wanted]),
  'sync.change': z.tuple([id, change]),
  'sync.remove': z.tuple([id]),
  'sync.now': z.tuple([which, z.enum(['changes', 'everything'])]),
  'sync.pause': z.union([z.tuple([which]), z.tuple([which, z.number().int().positive().max(MAX_PAUSE_MS)])]),
  'sync.resume': z.tuple([which]),
  'sync.answer': z.tuple([id, z.enum(['trash', 'keep', 'same-folder', 'make-again'])]),
  'sync.events': z.tuple([id]),
  'sync.problems': z.tuple([id]),
  'sync.ignored': z.tuple([id]),
  'sync.showInFolder': z.union([z.tuple([id]), z.tuple([id, z.string().min(1).max(32_768)])]),
}
