import Fastify, { type FastifyInstance } from 'fastify'
import { envelope } from './answers.ts'
import { accessToken } from './endpoints/access-token.ts'
import { create } from './endpoints/create.ts'
import { domain } from './endpoints/domain.ts'
import type { EndpointDefinition } from './endpoints/endpoint.ts'
import { detail, mkdir, move, recover, rename, trash } from './endpoints/files.ts'
import { list } from './endpoints/list.ts'
import { singleCreate } from './endpoints/single-create.ts'
import { slice } from './endpoints/slice.ts'
import { uploadComplete } from './endpoints/upload-complete.ts'
import { userInfo } from './endpoints/user-info.ts'
import type { Platform } from './platform.ts'
import { serve } from './serve.ts'

/** All there is; a new endpoint is added here and in its own file. */
const ENDPOINTS: readonly EndpointDefinition[] = [
  accessToken,
  userInfo,
  list,
  create,
  slice,
  uploadComplete,
  domain,
  singleCreate,
  mkdir,
  move,
  rename,
  trash,
  recover,
  detail,
]

/** The HTTP server of one host name of the platform, with the endpoints that live there. Not listening yet. */
export function createHost(platform: Platform, host: EndpointDefinition['host']): FastifyInstance {
  const app = Fastify({
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    bodyLimit: Number.MAX_SAFE_INTEGER,
    return503OnClosing: false,
  })
  // Bodies are left unread: each endpoint reads its own, counted and as a stream.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => {
    done(null)
  })
  for (const endpoint of ENDPOINTS.filter((each) => each.host === host)) {
    app.route({
      method: endpoint.method,
      url: endpoint.path,
      handler: (request, reply) => serve(platform, endpoint, request, reply),
    })
  }
  app.setNotFoundHandler((request, reply) => serve(platform, 'unknown', request, reply))
  // Only for a request that is not even HTTP as fastify wants it, and for bugs in here: those must be seen.
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) platform.violations.push(`The emulator itself failed: ${error.stack ?? error.message}`)
    return reply
      .code(status)
      .type('application/json')
      .send(envelope(status, error.message, null))
  })
  return app
}

/** Listens on loopback and gives the port. `before` is only a wish, for when any port will do: the one of last time. */
export async function listen(
  app: FastifyInstance,
  port: number,
  before: number | undefined,
): Promise<number> {
  const take = async (wanted: number) =>
    Number(new URL(await app.listen({ host: '127.0.0.1', port: wanted })).port)
  if (port !== 0 || before === undefined) return take(port)
  try {
    return await take(before)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    return take(0)
  }
}
