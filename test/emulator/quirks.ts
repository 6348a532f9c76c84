import { z } from 'zod'
import type { Endpoint } from './endpoint-name.ts'

/** What the platform may do within or beside its spec (platform-facts); each field can be changed while it runs. */
export interface Quirks {
  /** Bytes; applies to uploads created from now on. */
  sliceSize: number
  /** Instant uploads that answer `reuse: true, fileID: 0` (platform-facts 3.1), and whether the file is really there. */
  reuseWithoutId: 'off' | 'file-appears' | 'file-never-appears'
  /** `create` names no server. */
  emptyServers: boolean
  /** What `create` and `domain` name instead of this emulator's own upload hosts. */
  servers: 'own' | readonly string[]
  /** Numbers in `data` come as strings. */
  numbersAsStrings: boolean
  /** A slice is acknowledged by HTTP 200 with an empty body (platform-facts 3.3). */
  emptySliceBody: boolean
  /** How a good upload is told "not yet", and how often, before it is complete. */
  completion: { readonly kind: 'completed-false' | 'code-20103'; readonly times: number }
  /** A completed preuploadID is unknown afterwards; otherwise asking again gives the same answer. */
  forgetsCompleted: boolean
  /** Endpoints that answer HTTP 200 with a page of HTML and apply nothing. */
  htmlAnswers: readonly Endpoint[]
  zeroByteFiles: 'accepted' | 'refused'
  /** A multipart body without Content-Length gets HTTP 500 and an empty body after this long; the real gateway takes 60 s. */
  chunkedDelayMs: number
  /** A multipart body that takes longer than this gets HTTP 500 and an empty body (platform-facts 3.3). */
  bodyTimeoutMs: number
  rateLimits: 'off' | RateLimits
  /** single/create answers 秒传队列 so many times for each name and content; `file` says whether it is stored the last of those times. */
  singleQueue: { readonly times: number; readonly file: 'appears' | 'never-appears' }
  /** Between finding that a folder of a containDir path is missing and making it: two at once make it twice. */
  folderGapMs: number
  /** `mkdir` names no id (platform-facts 4: some accounts). */
  mkdirWithoutId: boolean
  /** A listing of several pages shows the last entry of one on the next again: something moved meanwhile. */
  listingDrifts: boolean
  /** Lifetime of tokens issued from now on. */
  tokenLifetimeMs: number
  /** How large the drive is; what does not fit is refused (no answer is known: the message is a guess). */
  spaceBytes: number
}

export interface RateLimits {
  /** Requests a clock second, for the whole account. */
  readonly perSecond: Partial<Record<Endpoint, number>>
  readonly answer:
    { readonly kind: 'http-429'; readonly retryAfterSeconds?: number } | { readonly kind: 'body-429' }
}

export const DEFAULT_QUIRKS: Readonly<Quirks> = {
  sliceSize: 16 * 1024 ** 2,
  reuseWithoutId: 'off',
  emptyServers: false,
  servers: 'own',
  numbersAsStrings: false,
  emptySliceBody: false,
  completion: { kind: 'completed-false', times: 1 },
  forgetsCompleted: false,
  htmlAnswers: [],
  zeroByteFiles: 'accepted',
  chunkedDelayMs: 0,
  bodyTimeoutMs: 60_000,
  rateLimits: 'off',
  singleQueue: { times: 0, file: 'never-appears' },
  folderGapMs: 20,
  mkdirWithoutId: false,
  listingDrifts: false,
  tokenLifetimeMs: 90 * 24 * 3600 * 1000,
  spaceBytes: 2 * 1024 ** 4,
}

/** The limits of the official table (free accounts); none is published for upload v2, so the caller says. */
export function publishedRateLimits(
  uploadsPerSecond: number,
  answer: RateLimits['answer'] = { kind: 'http-429' },
): RateLimits {
  const uploads = uploadsPerSecond
  return {
    perSecond: {
      user_info: 10,
      list: 5,
      access_token: 8,
      create: uploads,
      slice: uploads,
      upload_complete: uploads,
      domain: uploads,
      single_create: uploads,
      mkdir: 5,
      move: 3,
      trash: 5,
    },
    answer,
  }
}

export const endpointSchema = z.enum([
  'access_token',
  'user_info',
  'list',
  'create',
  'slice',
  'upload_complete',
  'domain',
  'single_create',
  'mkdir',
  'move',
  'rename',
  'trash',
  'recover',
  'detail',
]) satisfies z.ZodType<Endpoint>

const count = z.int().nonnegative()

const rateLimitsSchema = z.strictObject({
  perSecond: z.partialRecord(endpointSchema, z.number().positive()),
  answer: z.union([
    z.strictObject({ kind: z.literal('http-429'), retryAfterSeconds: z.number().exactOptional() }),
    z.strictObject({ kind: z.literal('body-429') }),
  ]),
})

/** A change of quirks as it comes through the control API. */
export const quirksSchema = z
  .strictObject({
    sliceSize: z.int().positive(),
    reuseWithoutId: z.enum(['off', 'file-appears', 'file-never-appears']),
    emptyServers: z.boolean(),
    servers: z.union([z.literal('own'), z.array(z.string())]),
    numbersAsStrings: z.boolean(),
    emptySliceBody: z.boolean(),
    completion: z.strictObject({ kind: z.enum(['completed-false', 'code-20103']), times: count }),
    forgetsCompleted: z.boolean(),
    htmlAnswers: z.array(endpointSchema),
    zeroByteFiles: z.enum(['accepted', 'refused']),
    chunkedDelayMs: count,
    bodyTimeoutMs: count,
    rateLimits: z.union([z.literal('off'), rateLimitsSchema]),
    singleQueue: z.strictObject({ times: count, file: z.enum(['appears', 'never-appears']) }),
    folderGapMs: count,
    mkdirWithoutId: z.boolean(),
    listingDrifts: z.boolean(),
    tokenLifetimeMs: count,
    spaceBytes: count,
  } satisfies Record<keyof Quirks, z.ZodType>)
  .exactPartial() satisfies z.ZodType<Partial<Quirks>>
