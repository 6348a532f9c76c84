import Store from 'electron-store'
import { z } from 'zod'
import { checkNames, splitRemote } from '#app/naming'
import { DEFAULT_SETTINGS, type Settings } from '#app/settings'

const fields = {
  language: z.enum(['system', 'zh-CN', 'en']),
  theme: z.enum(['system', 'light', 'dark']),
  destination: z
    .string()
    .max(4096)
    .refine((path) => path.startsWith('/') && checkNames(splitRemote(path)) === undefined),
  onDuplicate: z.enum(['fail', 'keep-both', 'overwrite', 'skip']),
}

/** A change as the renderer may ask for it. */
export const settingsChange = z.strictObject(fields).partial()

/** A field that a hand or another version left wrong falls back to its default, and only that one. */
const stored = z.object({
  language: fields.language.catch(DEFAULT_SETTINGS.language),
  theme: fields.theme.catch(DEFAULT_SETTINGS.theme),
  destination: fields.destination.catch(DEFAULT_SETTINGS.destination),
  onDuplicate: fields.onDuplicate.catch(DEFAULT_SETTINGS.onDuplicate),
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
