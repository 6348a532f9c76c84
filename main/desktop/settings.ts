import Store from 'electron-store'
import { z } from 'zod'
import type { LimitedHours, UpLimit } from '#app/bandwidth'
import { LONGEST_RULE, MOST_RULES } from '#app/ignore-rules'
import { checkNames, splitRemote } from '#app/naming'
import { isHost } from '#app/proxy'
import { DEFAULT_SETTINGS, type Settings } from '#app/settings'

const bytesPerSecond = z.number().positive().max(Number.MAX_SAFE_INTEGER).optional()
const timeOfDay = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/u)
const limitedHours = z
  .strictObject({
    days: z.array(z.int().min(0).max(6)).max(7),
    from: timeOfDay,
    to: timeOfDay,
    bytesPerSecond,
  })
  // JSON leaves out what is undefined.
  .transform((hours): LimitedHours => ({ ...hours, bytesPerSecond: hours.bytesPerSecond }))
const upLimit = z
  .strictObject({ bytesPerSecond, timetable: z.array(limitedHours).max(100) })
  .transform((limit): UpLimit => ({ ...limit, bytesPerSecond: limit.bytesPerSecond }))

/** Each a line, or the rest of it would be another rule. */
export const ignoreRules = z
  .array(
    z
      .string()
      .max(LONGEST_RULE)
      .regex(/^[^\r\n]*$/u),
  )
  .max(MOST_RULES)
  .readonly()

/** A folder of the cloud, by names that it takes. */
export const remotePath = z
  .string()
  .max(4096)
  .refine((path) => path.startsWith('/') && checkNames(splitRemote(path)) === undefined)

const fields = {
  language: z.enum(['system', 'zh-CN', 'en']),
  theme: z.enum(['system', 'light', 'dark']),
  destination: remotePath,
  onDuplicate: z.enum(['fail', 'keep-both', 'overwrite', 'skip']),
  proxy: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('system') }),
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({
      kind: z.literal('manual'),
      protocol: z.enum(['http', 'https', 'socks5']),
      host: z.string().max(255).refine(isHost),
      port: z.int().min(1).max(65_535),
      // A colon would end it for a proxy that reads user:password.
      username: z
        .string()
        .min(1)
        .max(255)
        .regex(/^[^:\p{Cc}]+$/u)
        .exactOptional(),
    }),
  ]),
  upLimit,
  introduced: z.boolean(),
  toldTray: z.boolean(),
  offeredThunar: z.boolean(),
  exclude: ignoreRules,
  pauseOnBattery: z.boolean(),
  pauseOnMetered: z.boolean(),
  keepAwake: z.boolean(),
  notifyFinished: z.boolean(),
  notifyProblems: z.boolean(),
  updates: z.enum(['auto', 'ask', 'off']),
  updateChannel: z.enum(['stable', 'beta']),
  updatesCheckedAt: z.int().min(0),
}

/** A change as the renderer may ask for it. */
export const settingsChange = z.strictObject(fields).partial()

/** A field that a hand or another version left wrong falls back to its default, and only that one. */
const stored = z.object({
  language: fields.language.catch(DEFAULT_SETTINGS.language),
  theme: fields.theme.catch(DEFAULT_SETTINGS.theme),
  destination: fields.destination.catch(DEFAULT_SETTINGS.destination),
  onDuplicate: fields.onDuplicate.catch(DEFAULT_SETTINGS.onDuplicate),
  proxy: fields.proxy.catch(DEFAULT_SETTINGS.proxy),
  upLimit: fields.upLimit.catch(DEFAULT_SETTINGS.upLimit),
  introduced: fields.introduced.catch(DEFAULT_SETTINGS.introduced),
  toldTray: fields.toldTray.catch(DEFAULT_SETTINGS.toldTray),
  offeredThunar: fields.offeredThunar.catch(DEFAULT_SETTINGS.offeredThunar),
  exclude: fields.exclude.catch([]),
  pauseOnBattery: fields.pauseOnBattery.catch(DEFAULT_SETTINGS.pauseOnBattery),
  pauseOnMetered: fields.pauseOnMetered.catch(DEFAULT_SETTINGS.pauseOnMetered),
  keepAwake: fields.keepAwake.catch(DEFAULT_SETTINGS.keepAwake),
  notifyFinished: fields.notifyFinished.catch(DEFAULT_SETTINGS.notifyFinished),
  notifyProblems: fields.notifyProblems.catch(DEFAULT_SETTINGS.notifyProblems),
  updates: fields.updates.catch(DEFAULT_SETTINGS.updates),
  updateChannel: fields.updateChannel.catch(DEFAULT_SETTINGS.updateChannel),
  updatesCheckedAt: fields.updatesCheckedAt.catch(0),
}) satisfies z.ZodType<Settings>

export interface SettingsFile {
  get(): Settings
  change(change: z.infer<typeof settingsChange>): Settings
}

/** `settings.json` in the data folder. Never a credential. */
export function openSettings(folder: string): SettingsFile {
  const store = new Store<Record<string, unknown>>({
    cwd: folder,
    name: 'settings',
    clearInvalidConfig: true,
  })
  const get = (): Settings => stored.parse(store.store)
  return {
    get,
    change(change) {
      store.store = { ...get(), ...change }
      return get()
    },
  }
}
