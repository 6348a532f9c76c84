import { DriveError } from '#app/errors'
import type { Args, Bridge, CommandName, EventName, Events, Reply } from '#app/ipc'

declare global {
  interface Window {
    readonly drive: Bridge
  }
}

/** Asks main. Unwraps here, not in preload: the context bridge strips an error down to its message. */
export async function call<C extends CommandName>(command: C, ...args: Args<C>): Promise<Reply<C>> {
  const result = await window.drive.call(command, ...args)
  if (!result.ok) throw DriveError.from(result.failure)
  return result.value
}

/** Listens to main for as long as the window lives: a store is never taken down. */
export function listen<E extends EventName>(event: E, listener: (payload: Events[E]) => void): void {
  window.drive.on(event, listener)
}

/** Local paths behind dropped files; things without one (a picture dragged off a web page) are left out. */
export function pathsOf(files: Iterable<File>): readonly string[] {
  return Array.from(files, (file) => window.drive.pathOf(file)).filter((path) => path !== '')
}
