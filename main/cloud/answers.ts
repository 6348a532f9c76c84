import { z } from 'zod'
import { DriveError, type ErrorCode } from '#app/errors'
import { redact } from '#app/redact'

/** An HTTP answer as it came, before anyone believed it. */
export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  /** From the first byte of the request to the last of the answer. */
  readonly elapsedMs: number
}

/** platform-facts 2. `x-traceID` is kept for support. */
const envelope = z.object({
  code: z.union([
    z.number().int(),
    z
      .string()
      .regex(/^-?\d+$/u)
      .transform(Number),
  ]),
  message: z.string().nullish(),
  data: z.unknown().optional(),
  'x-traceID': z.string().nullish(),
})

/** The gateway stops reading a body after about 60 s and answers 500 (platform-facts 3.3). */
const GATEWAY_PATIENCE_MS = 50_000

/** The data of a successful answer, or a DriveError. Both the HTTP status and the body's code are believed (platform-facts 2). */
export function readAnswer<T>(answer: RawAnswer, schema: z.ZodType<T>, what: string): T {
  if (answer.status < 200 || answer.status > 299) throw httpFailure(answer, what)
  const parsed = parseEnvelope(answer.body)
  if (!parsed)
    throw new DriveError(
      'malformed-answer',
      `${what}: not the platform's JSON (HTTP ${answer.status})`,
      trace(answer),
    )
  const where = { ...trace(answer), ...(parsed['x-traceID'] ? { traceId: redact(parsed['x-traceID']) } : {}) }
  if (parsed.code !== 0) {
    const message = parsed.message ?? ''
    throw platformFailure(parsed.code, message, `${what}: ${parsed.code} ${redact(message)}`, {
      ...where,
      ...retryAfter(answer),
    })
  }
  const data = schema.safeParse(parsed.data)
  if (data.success) return data.data
  const fields = data.error.issues.map((issue) => issue.path.join('.') || 'data').join(', ')
  throw new DriveError(
    'malformed-answer',
    `${what}: missing or wrong in the answer: ${redact(fields)}`,
    where,
  )
}

function httpFailure(answer: RawAnswer, what: string): DriveError {
  const { status, body, elapsedMs } = answer
  const parsed = parseEnvelope(body)
  const where = {
    ...trace(answer),
    ...(parsed?.['x-traceID'] ? { traceId: redact(parsed['x-traceID']) } : {}),
    ...retryAfter(answer),
  }
  const said = parsed?.message ? ` ${redact(parsed.message)}` : ''
  const text = `${what}: HTTP ${status}${said}`
  if (status === 401) return new DriveError(tokenCode(parsed?.message ?? body), text, where)
  if (status === 429) return new DriveError('rate-limited', text, where)
  if (status === 408) return new DriveError('timeout', text, where)
  if (status >= 500) {
    const slow = elapsedMs >= GATEWAY_PATIENCE_MS || /i\/o timeout|Read from request Body/iu.test(body)
    return new DriveError(slow ? 'slow-uplink' : 'server', text, where)
  }
  if (status >= 300 && status < 400)
    return new DriveError('malformed-answer', `${text} (a redirect is not followed)`, where)
  if (parsed && parsed.code !== 0) return platformFailure(parsed.code, parsed.message ?? '', text, where)
  return new DriveError('refused', text, where)
}

/** What the documented and observed codes mean; code 1 and unknown ones are told apart by their message (platform-facts 2). */
function platformFailure(code: number, message: string, text: string, where: object): DriveError {
  return new DriveError(CODES[code]?.(message) ?? codeOfMessage(message), text, where)
}

const CODES: Readonly<Record<number, (message: string) => ErrorCode>> = {
  401: tokenCode,
  429: () => 'rate-limited',
  5066: () => 'not-found',
  5113: () => 'traffic-exhausted',
  5114: () => 'traffic-exhausted',
  20101: () => 'server',
  20103: () => 'verifying',
  20104: () => 'server',
  20105: () => 'server',
}

const MESSAGES: readonly (readonly [RegExp, ErrorCode])[] = [
  [/tokens number has exceeded/iu, 'token-limit'],
  [/token is invalid|access_token\s*无效|token\s*(?:已过期|过期|失效)/iu, 'unauthorized'],
  [/秒传队列/u, 'busy'],
  [/正在校验/u, 'verifying'],
  [/频繁|too many requests|rate limit/iu, 'rate-limited'],
  [/parentFileID\s*(?:不存在|无效)|父(?:级)?目录不存在/iu, 'parent-missing'],
  [/同名|重名/u, 'name-taken'],
  [/文件名要小于|文件名不能/u, 'name-refused'],
  [/文件上传失败/u, 'integrity'],
  [/preuploadID.*(?:不存在|无效|过期)|预上传.*(?:不存在|无效|过期)/iu, 'upload-expired'],
  [/(?:空间|容量)(?:不足|已满)/u, 'quota-exceeded'],
  [/文件不存在/u, 'not-found'],
]

function codeOfMessage(message: string): ErrorCode {
  return MESSAGES.find(([pattern]) => pattern.test(message))?.[1] ?? 'refused'
}

function tokenCode(message: string): ErrorCode {
  return /tokens number has exceeded/iu.test(message) ? 'token-limit' : 'unauthorized'
}

function parseEnvelope(body: string): z.infer<typeof envelope> | undefined {
  try {
    return envelope.safeParse(JSON.parse(body)).data
  } catch {
    return undefined
  }
}

function trace(answer: RawAnswer): { traceId?: string } {
  const header = answer.headers['x-traceid']
  return typeof header === 'string' && header !== '' ? { traceId: redact(header) } : {}
}

/** Whoever asks for a longer pause is asked again after this. */
const MAX_RETRY_AFTER_MS = 60 * 60_000

/** Retry-After in seconds or as a date (RFC 9110). */
function retryAfter(answer: RawAnswer): { retryAfterMs?: number } {
  const header = answer.headers['retry-after']
  if (typeof header !== 'string') return {}
  const ms = /^\d+$/u.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) && ms > 0 ? { retryAfterMs: Math.min(ms, MAX_RETRY_AFTER_MS) } : {}
}
