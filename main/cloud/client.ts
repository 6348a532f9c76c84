import type { Account } from '#app/session'
import { DriveError, toFailure } from '#app/errors'
import { isAway } from '#app/retry'
import { MAX_SLICES, sliceCount } from '#app/slices'
import { readAnswer, type RawAnswer } from './answers.ts'
import { filesOf, type Call, type CloudFiles } from './files.ts'
import { trustApiUrl } from './hosts.ts'
import { send } from './http.ts'
import type { HttpRequest } from './requests.ts'
import type { Limiter } from './limiter.ts'
import type { ProxySource } from './routes.ts'
import { completeAnswer, createAnswer, domainAnswer, tokenAnswer, userAnswer } from './wire.ts'

/** The JSON calls of the open platform. It holds no account: every call is told its token. */
export interface Cloud extends CloudFiles {
  issueToken(clientID: string, clientSecret: string, signal: AbortSignal): Promise<IssuedToken>
  account(token: string, signal: AbortSignal): Promise<Account>
  create(token: string, request: CreateRequest, signal: AbortSignal): Promise<Created>
  complete(token: string, preuploadID: string, signal: AbortSignal): Promise<Completion>
  domains(token: string, signal: AbortSignal): Promise<readonly string[]>
  /** Resolves when the platform answers anything at all, on a new connection; says nothing of anybody. */
  reach(signal: AbortSignal): Promise<void>
}

export interface IssuedToken {
  readonly token: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** Spec, 步骤一：创建文件. With `containDir`, `filename` is a path from `parentFileID` with a leading slash. */
export interface CreateRequest {
  readonly parentFileID: number
  readonly filename: string
  readonly etag: string
  readonly size: number
  readonly duplicate: 1 | 2 | undefined
  readonly containDir: boolean
}

/** Both may be there: a reuse that names no file, with an upload to go on with (platform-facts 3.1). */
export interface Created {
  readonly reuse: boolean
  /** Never 0: an instant upload that names no file is not yet one. */
  readonly fileID: number | undefined
  readonly upload:
    | { readonly preuploadID: string; readonly sliceSize: number; readonly servers: readonly string[] }
    | undefined
}

/** `verifying` covers both `completed: false` and code 20103 (platform-facts 3.5). */
export type Completion =
  { readonly kind: 'verifying' } | { readonly kind: 'completed'; readonly fileID: number }

/** Time for a proxy, TLS and an answer on a bad line. */
const REACH_STALL_MS = 5000

export function createCloud(options: {
  readonly apiUrl: string
  readonly limiter: Limiter
  readonly routes: ProxySource
  readonly stallMs: number
  /** A call did not get through to the platform. */
  readonly onAway?: () => void
}): Cloud {
  const origin = trustApiUrl(options.apiUrl)

  async function sendOn(request: HttpRequest): Promise<RawAnswer> {
    try {
      return await send(request)
    } catch (thrown) {
      if (isAway(toFailure(thrown).code)) options.onAway?.()
      throw thrown
    }
  }

  async function call<T>({ endpoint, method, path, token, body, schema, signal }: Call<T>): Promise<T> {
    return options.limiter.run(endpoint, signal, async () => {
      const answer = await sendOn({
        method,
        url: origin + path,
        route: await options.routes.routeFor(origin),
        connection: 'kept',
        headers: {
          platform: 'open_platform',
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal,
        stallMs: options.stallMs,
      })
      return readAnswer(answer, schema, endpoint)
    })
  }

  return {
    async issueToken(clientID, clientSecret, signal) {
      const issued = await call({
        endpoint: 'access_token',
        method: 'POST',
        path: '/api/v1/access_token',
        body: { clientID, clientSecret },
        schema: tokenAnswer,
        signal,
      })
      return { token: issued.accessToken, expiresAt: Date.parse(issued.expiredAt) }
    },

    async account(token, signal) {
      const user = await call({
        endpoint: 'user_info',
        method: 'GET',
        path: '/api/v1/user/info',
        token,
        schema: userAnswer,
        signal,
      })
      return {
        uid: user.uid,
        nickname: user.nickname ?? '',
        usedBytes: user.spaceUsed ?? 0,
        // The part that is for a while only is not the whole.
        totalBytes: user.spacePermanent === undefined ? 0 : user.spacePermanent + (user.spaceTemp ?? 0),
        vip: user.vip ?? false,
      }
    },

    async create(token, { parentFileID, filename, etag, size, duplicate, containDir }, signal) {
      const body = {
        parentFileID,
        filename,
        etag,
        size,
        ...(duplicate === undefined ? {} : { duplicate }),
        ...(containDir ? { containDir } : {}),
      }
      const schema = createAnswer
      const answer = await call({
        endpoint: 'create',
        method: 'POST',
        path: '/upload/v2/file/create',
        token,
        body,
        schema,
        signal,
      })
      const { preuploadID, sliceSize, servers } = answer
      const open = preuploadID !== undefined && preuploadID !== '' && sliceSize !== undefined && sliceSize > 0
      if (!open && !answer.reuse)
        throw new DriveError('malformed-answer', 'create: neither an instant upload nor one to go on with')
      if (open && sliceCount(size, sliceSize) > MAX_SLICES)
        throw new DriveError('malformed-answer', `create: slices of ${sliceSize} bytes for ${size}`)
      return {
        reuse: answer.reuse,
        fileID: answer.reuse && answer.fileID ? answer.fileID : undefined,
        upload: open ? { preuploadID, sliceSize, servers: servers ?? [] } : undefined,
      }
    },

    async complete(token, preuploadID, signal) {
      const path = '/upload/v2/file/upload_complete'
      const body = { preuploadID }
      try {
        const answer = await call({
          endpoint: 'upload_complete',
          method: 'POST',
          path,
          token,
          body,
          schema: completeAnswer,
          signal,
        })
        return answer.completed && answer.fileID
          ? { kind: 'completed', fileID: answer.fileID }
          : { kind: 'verifying' }
      } catch (thrown) {
        if (thrown instanceof DriveError && thrown.code === 'verifying') return { kind: 'verifying' }
        throw thrown
      }
    },

    domains: (token, signal) =>
      call({
        endpoint: 'domain',
        method: 'GET',
        path: '/upload/v2/file/domain',
        token,
        schema: domainAnswer,
        signal,
      }),

    ...filesOf(call),

    async reach(signal) {
      await send({
        method: 'GET',
        url: `${origin}/`,
        route: await options.routes.routeFor(origin),
        connection: 'new',
        headers: {},
        signal,
        stallMs: REACH_STALL_MS,
      })
    },
  }
}
