import { z } from 'zod'
import { startBusHost, type BusHostCommand } from './bus-host.ts'

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

/** On the test's own desktop, unless another's command line for such programs is given. */
export async function startTrayHost(command?: BusHostCommand): Promise<TrayHost> {
  const host = await startBusHost('tray-host', {}, command)
  return {
    count: async () => z.number().parse(await host.ask('count')),
    read: async () => seen.parse(await host.ask('read')),
    async activate() {
      await host.ask('activate')
    },
    async click(...labels) {
      await host.ask('click', labels)
    },
    close: () => host.close(),
  }
}
