import { chmodSync } from 'node:fs'

const NOBODY = 65_534

/** Runs something with the rights of an ordinary user: to root nothing is unreadable. The folder must be reachable by anyone. */
export async function asOrdinaryUser<T>(folder: string, task: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return task()
  chmodSync(folder, 0o755)
  process.seteuid?.(NOBODY)
  try {
    return await task()
  } finally {
    process.seteuid?.(0)
  }
}
