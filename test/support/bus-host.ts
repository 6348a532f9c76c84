import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** Debian's own, which has Debian's bindings for D-Bus; another one first in the path has not. */
const PYTHON = '/usr/bin/python3'

const answer = z.union([
  z.object({ id: z.number(), error: z.string() }),
  z.object({ id: z.number(), value: z.unknown() }),
])

/** A program of bus_host.py's kind, running. */
export interface BusHost {
  ask(question: string, ...given: readonly unknown[]): Promise<unknown>
  close(): Promise<void>
}

/** How to run a program, given the name of its file in this folder. */
export type BusHostCommand = (file: string) => readonly [string, ...(readonly string[])]

const here: BusHostCommand = (file) => [PYTHON, '-B', fileURLToPath(new URL(file, import.meta.url))]

export async function startBusHost(
  program: string,
  env: Readonly<Record<string, string>> = {},
  command: BusHostCommand = here,
): Promise<BusHost> {
  const [python, ...args] = command(`${program}.py`)
  const child = spawn(python, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (reason: Error) => void }>()
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => {
      for (const { reject } of waiting.values()) reject(new Error(`${program} ended`))
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
  await hear(0)
  return {
    ask: (question, ...given) => {
      last += 1
      const heard = hear(last)
      child.stdin.write(`${JSON.stringify({ id: last, ask: question, with: given })}\n`)
      return heard
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}
