import { DriveError } from '#app/errors'
import { authorized, targetOf, type TransferContext } from './context.ts'
import { findArrived } from './find-arrived.ts'
import type { Arrival, Sending } from './job.ts'

/** The whole file in one request (spec, 二、单步上传). */
export async function sendInOneStep(sending: Sending, context: TransferContext): Promise<Arrival> {
  const { job, identity, hashes, place, duplicate } = sending
  const { carry, signal, emit } = job
  const servers = await context.domains(signal)
  const host = context.servers.pick(servers, carry.failures)
  const { parentFileID, filename, containDir } = place
  const fields = { parentFileID, filename, etag: hashes.md5, size: identity.size, duplicate, containDir }
  const answer = await context.slots.run(signal, identity.size, () =>
    authorized(context.tokens, (token) =>
      context.limiter.run('single_create', signal, async () => {
        let sent = 0
        const onProgress = ({ bytes }: { readonly bytes: number }): void => {
          sent = bytes
          emit({ type: 'sending', progress: { sent, slicesDone: 0, slices: 1 } })
        }
        emit({ type: 'sending', progress: { sent: 0, slicesDone: 0, slices: 1 } })
        const target = await targetOf(context, host, token)
        try {
          const input = { path: job.path, identity, fields, target }
          const done = await context.uplink.use(identity.size, () =>
            context.servers.use(host, () => context.pool.run('single', input, { signal, onProgress })),
          )
          sent = identity.size
          return done
        } finally {
          carry.sentBytes += sent
        }
      }),
    ),
  )
  emit({ type: 'sent-all' })
  if (answer.completed && answer.fileID !== 0) return { fileID: answer.fileID, method: 'single' }
  const fileID = await findArrived(sending, context)
  if (fileID !== undefined) return { fileID, method: 'single' }
  throw new DriveError('busy', 'single upload: taken, but not completed')
}
