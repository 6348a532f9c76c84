import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { faultSchema } from './faults.ts'
import { quirksSchema } from './quirks.ts'
import type { Emulator } from './types.ts'

const randomFaultsSchema = z.union([
  z.null(),
  z.strictObject({ seed: z.int(), rate: z.number().min(0).max(1) }),
])

/** `/_emulator/…`: the emulator's own face, for tests that run in another process. Plain JSON, no envelope, no auth. */
export function serveControl(app: FastifyInstance, emulator: () => Emulator): void {
  app.get('/_emulator/files', () => emulator().files())
  app.get('/_emulator/tree', () => emulator().tree())
  app.get('/_emulator/folders', () => emulator().folders())
  app.get('/_emulator/requests', () => emulator().requests())
  app.get('/_emulator/violations', () => emulator().violations())
  app.get('/_emulator/quirks', () => emulator().quirks)
  app.post('/_emulator/fault', async (request) => {
    emulator().fault(await parseBody(faultSchema, request))
    return {}
  })
  app.post('/_emulator/random-faults', async (request) => {
    emulator().randomFaults((await parseBody(randomFaultsSchema, request)) ?? undefined)
    return {}
  })
  app.post('/_emulator/quirks', async (request) => {
    Object.assign(emulator().quirks, await parseBody(quirksSchema, request))
    return emulator().quirks
  })
  app.post('/_emulator/revoke', async (request) => {
    emulator().revoke((await parseBody(z.strictObject({ token: z.string() }), request)).token)
    return {}
  })
}

/** HTTP 400 with the reason when it does not fit. */
async function parseBody<T>(schema: z.ZodType<T>, request: FastifyRequest): Promise<T> {
  const chunks: Buffer[] = []
  for await (const chunk of request.raw as AsyncIterable<Buffer>) chunks.push(chunk) // no encoding is set, so never strings
  try {
    return schema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
  } catch (error) {
    throw Object.assign(new Error(String(error)), { statusCode: 400 })
  }
}
