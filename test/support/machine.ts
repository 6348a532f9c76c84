import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { startBusHost } from './bus-host.ts'

/** A system bus of the test's own, with what it tells of power and network. */
export interface Machine {
  /** For the app, so that it asks there. */
  readonly env: Readonly<Record<string, string>>
  battery(on: boolean): Promise<void>
  metered(on: boolean): Promise<void>
  /** How often somebody has asked about the battery since it changed. */
  batteryReads(): Promise<number>
  close(): Promise<void>
}

export async function startMachine(): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), 'pan123-bus-'))
  const bus = spawn(
    'dbus-daemon',
    ['--session', '--nofork', '--print-address=1', `--address=unix:path=${join(folder, 'bus')}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = new Promise((resolve) => bus.on('close', resolve))
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: bus.stdout }).once('line', resolve)
    bus.on('error', reject)
  })
  const env = { DBUS_SYSTEM_BUS_ADDRESS: address }
  const host = await startBusHost('machine-host', env)
  return {
    env,
    async battery(on) {
      await host.ask('battery', on)
    },
    async metered(on) {
      await host.ask('metered', on)
    },
    batteryReads: async () => z.number().parse(await host.ask('battery_reads')),
    async close() {
      await host.close()
      bus.kill()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
