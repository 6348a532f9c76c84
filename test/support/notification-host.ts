import { z } from 'zod'
import { startBusHost } from './bus-host.ts'

const seen = z.array(
  z.object({ id: z.number(), title: z.string(), body: z.string(), actions: z.array(z.string()) }),
)
export type NotificationSeen = z.infer<typeof seen>[number]

/** Who shows notifications on the test's desktop. */
export interface NotificationHost {
  /** All there were, the first one first. */
  shown(): Promise<readonly NotificationSeen[]>
  /** A click on the one that came last. */
  click(): Promise<void>
  close(): Promise<void>
}

export async function startNotificationHost(): Promise<NotificationHost> {
  const host = await startBusHost('notification-host')
  return {
    shown: async () => seen.parse(await host.ask('shown')),
    async click() {
      await host.ask('click')
    },
    close: () => host.close(),
  }
}
