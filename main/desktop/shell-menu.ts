import { access } from 'node:fs/promises'
import type { ShellMenuState } from '#app/shell-menu/state'
import type { PersonalEntries } from './linux-entries.ts'
import type { QuickActions } from './quick-actions.ts'
import type { ThunarFile } from './thunar-entries.ts'

/** Whose the entries in the file manager's menu are, and what it takes to change them. */
export type ShellMenuKind =
  | { readonly by: 'nobody' }
  | { readonly by: 'installer' }
  | {
      readonly by: 'package' | 'person'
      readonly program: string
      readonly entries: PersonalEntries
      readonly thunar: ThunarFile
    }
  | { readonly by: 'finder'; readonly actions: QuickActions }

/** Whether Thunar's entries were added once, unasked: who then takes them out is not given them again. */
export interface Offered {
  readonly was: () => boolean
  readonly remember: () => void
}

/** The entries in the file manager's menu: what is there is read every time, nothing is remembered. */
export class ShellMenu {
  readonly #kind: ShellMenuKind

  constructor(kind: ShellMenuKind) {
    this.#kind = kind
  }

  async get(): Promise<ShellMenuState> {
    const kind = this.#kind
    switch (kind.by) {
      case 'package':
        return { by: kind.by, thunar: await kind.thunar.state(kind.program) }
      case 'person':
        return {
          by: kind.by,
          on: await kind.entries.areThere(kind.program),
          thunar: await kind.thunar.state(kind.program),
        }
      case 'finder':
        return { by: 'person', on: await kind.actions.areThere(), thunar: 'none' }
      default:
        return { by: kind.by }
    }
  }

  async set(on: boolean): Promise<ShellMenuState> {
    const kind = this.#kind
    if (kind.by === 'finder') await (on ? kind.actions.add() : kind.actions.remove())
    if (kind.by === 'person') await (on ? kind.entries.add(kind.program) : kind.entries.remove())
    if (kind.by === 'person' || kind.by === 'package')
      await (on ? kind.thunar.add(kind.program) : kind.thunar.remove())
    return this.get()
  }

  /**
   * At every start. Entries that call a program which is gone, as an AppImage that was moved, call this one from now on; those of an
   * earlier version are written anew. A package has no way to Thunar but the person's file.
   */
  async start(offered: Offered): Promise<void> {
    const kind = this.#kind
    if (kind.by !== 'package' && kind.by !== 'person') return
    const called = await kind.entries.program()
    if (called !== undefined && (called === kind.program || !(await exists(called)))) {
      // In a package all users' entries take their place.
      if (kind.by === 'package') await kind.entries.remove()
      else if (!(await kind.entries.areThere(kind.program))) await kind.entries.add(kind.program)
      await kind.thunar.renew(kind.program)
    }
    if (kind.by === 'package' && !offered.was() && (await kind.thunar.state(kind.program)) === 'off') {
      await kind.thunar.add(kind.program)
      offered.remember()
    }
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
