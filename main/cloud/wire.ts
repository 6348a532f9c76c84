import { z } from 'zod'

/** What the platform's answers look like: as strict as the spec where it matters, as loose as platform-facts says they come. */

/** A whole number; some answers carry it as a string. IDs reach 13 digits, well below 2^53 (platform-facts 4). */
const whole = z
  .union([z.number().int().nonnegative(), z.string().regex(/^\d+$/u).transform(Number)])
  .refine(Number.isSafeInteger)
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined)

/** create: on reuse everything but `reuse` may be missing, and `fileID` may be 0 (platform-facts 3.1). */
export const createAnswer = z.object({
  fileID: optional(whole),
  reuse: flag,
  preuploadID: optional(z.string()),
  sliceSize: optional(whole),
  servers: optional(z.array(z.string())),
})

export const completeAnswer = z.object({ completed: flag, fileID: optional(whole) })

export const singleAnswer = z.object({ fileID: optional(whole), completed: optional(flag) })

export const domainAnswer = z.array(z.string()).min(1)

/** `expiredAt` is RFC 3339; it alone tells the token's end (platform-facts 1.1). */
export const tokenAnswer = z.object({
  accessToken: z.string().min(1),
  expiredAt: z.string().refine((text) => !Number.isNaN(Date.parse(text))),
})

/** Only what we show: phone number and mail address are not even read. */
export const userAnswer = z.object({
  uid: z.union([z.number(), z.string()]).transform(String),
  nickname: optional(z.string()),
  // Numbers nobody can read are as good as none: whose drive it is counts more.
  spaceUsed: optional(whole).catch(undefined),
  spacePermanent: optional(whole).catch(undefined),
  spaceTemp: optional(whole).catch(undefined),
  vip: optional(flag),
})

const listItem = z.object({
  fileId: whole,
  filename: z.string(),
  type: whole,
  etag: optional(z.string()),
  size: optional(whole),
  trashed: optional(z.union([whole, z.boolean().transform(Number)])),
})

/** `lastFileId` is -1 on the last page. */
export const listAnswer = z.object({
  lastFileId: z.union([
    z.number().int(),
    z
      .string()
      .regex(/^-?\d+$/u)
      .transform(Number),
  ]),
  fileList: z
    .array(listItem)
    .nullish()
    .transform((list) => list ?? []),
})

/** An answer whose data says nothing: a slice's. */
export const nothing = z.unknown().transform(() => null)

/** Some accounts are told no id (platform-facts 4). */
export const mkdirAnswer = z
  .object({ dirID: optional(whole) })
  .nullish()
  .transform((data) => data?.dirID)

export const recoverAnswer = z
  .object({ abnormalFileIDs: optional(z.array(whole)) })
  .nullish()
  .transform((data) => data?.abnormalFileIDs ?? [])

export const detailAnswer = z.object({
  fileID: whole,
  filename: z.string(),
  type: whole,
  etag: optional(z.string()),
  size: optional(whole),
  parentFileID: whole,
  trashed: optional(z.union([whole, z.boolean().transform(Number)])),
})
