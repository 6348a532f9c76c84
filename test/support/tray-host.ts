import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const PROGRAM = fileURLToPath(new URL('./tray-host.py', import.meta.url))
/** Debian's own, which has Debian's bindings for D-Bus; another one first in the path has not. */
const PYTHON = '/usr/bin/python3'

export interface TrayEntrySeen {
  readonly label: string
  readonly enabled: boolean
  readonly items: readonly TrayEntrySeen[]
}

const entry: z.ZodType<TrayEntrySeen> = z.lazy(() =>
  z.object({ label: z.string(), enabled: z.boolean(), items: z.array(entry).readonly() }),
)
const seen = z.object({
  /** By their size; the hash is of their pixels. */
  icons: z.array(z.object({ width: z.number(), height: z.number(), hash: z.string() })),
  tooltip: z.string(),
  menu: z.array(entry),
})
export type TraySeen = z.infer<typeof seen>

const answer = z.union([
  z.object({ id: z.number(), error: z.string() }),
  z.object({ id: z.number(), value: z.unknown() }),
])

/** The tray of the test's desktop, as a person sees and uses it. An app finds it only if it starts later. */
export interface TrayHost {
  /** How many icons there are. */
  count(): Promise<number>
  read(): Promise<TraySeen>
  /** A click on the icon. */
  activate(): Promise<void>
  /** A click in its menu, by the labels from the outermost on. */
  click(...labels: readonly string[]): Promise<void>
  close(): Promise<void>
}

export async function startTrayHost(): Promise<TrayHost> {
  const child = spawn(PYTHON, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (reason: Error) => void }>()
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => {
      for (const { reject } of waiting.values()) reject(new Error('The tray’s host ended'))
      resolve()
    })
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const heard = answer.parse(JSON.parse(line))
    const asker = waiting.get(heard.id)
    waiting.delete(heard.id)
    if ('error' in heard) asker?.reject(new Error(heard.error))
    else asker?.resolve(heard.value)
  })
  const hear = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
    })
  let last = 0
  const ask = (question: string, ...given: readonly unknown[]): Promise<unknown> => {
    last += 1
    const heard = hear(last)
    child.stdin.write(`${JSON.stringify({ id: last, ask: question, with: given })}\n`)
    return heard
  }
  // It says so itself when it has the name.
  await hear(0)
  return {
    count: async () => z.number().parse(await ask('count')),
    read: async () => seen.parse(await ask('read')),
    async activate() {
      await ask('activate')
    },
    async click(...labels) {
      await ask('click', labels)
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}
