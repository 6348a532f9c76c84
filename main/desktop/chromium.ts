import { app, session } from 'electron'

/** How Chromium would reach this address by the system's setting and its scripts: `PROXY a:1; DIRECT`. */
export async function resolveProxy(url: string): Promise<string> {
  await app.whenReady()
  return session.defaultSession.resolveProxy(url)
}

/** Chromium fetches a dictionary from Google at a first start, also where nothing is spell-checked. */
export function fetchNoDictionaries(): void {
  session.defaultSession.setSpellCheckerLanguages([])
}
