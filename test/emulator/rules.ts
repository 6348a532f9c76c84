import { z } from 'zod'
import { breach } from './answers.ts'

const MAX_CREATE_BYTES = 10 * 1024 ** 3
const MAX_SINGLE_BYTES = 1_000_000_000

/** The nine of the spec, and the line break that stands among them there. */
const FORBIDDEN = /["\\/:*?|><\r\n]/u
const MAX_NAME_CHARACTERS = 255

const id = z.int({ error: 'must be a whole number' }).nonnegative({ error: 'must not be negative' })
const md5 = z.string().regex(/^[0-9a-f]{32}$/u, { error: 'must be 32 lower-case hexadecimal digits' })
const preuploadID = z.string().min(1, { error: 'must not be empty' })
const size = (max: number, words: string) => id.max(max, { error: `单文件大小限制${words}` })

/** A number as a form sends it. */
const digits = z
  .string()
  .regex(/^\d{1,16}$/u, { error: 'must be decimal digits' })
  .transform(Number)

const duplicate = z.union([z.literal(1), z.literal(2)], { error: 'must be 1, 2 or absent' })

export const createSchema = z.strictObject({
  parentFileID: id,
  filename: z.string(),
  etag: md5,
  size: size(MAX_CREATE_BYTES, '10GB'),
  duplicate: duplicate.exactOptional(),
  containDir: z.boolean().exactOptional(),
})

export const singleSchema = z.strictObject({
  parentFileID: digits.pipe(id),
  filename: z.string(),
  etag: md5,
  size: digits.pipe(size(MAX_SINGLE_BYTES, '1GB')),
  duplicate: digits.pipe(duplicate).exactOptional(),
  containDir: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .exactOptional(),
})

export const sliceSchema = z.strictObject({ preuploadID, sliceNo: digits.pipe(id), sliceMD5: md5 })

export const completeSchema = z.strictObject({ preuploadID })

export const accessTokenSchema = z.strictObject({ clientID: z.string(), clientSecret: z.string() })

/** Query parameters; those the platform does not know have no effect there (platform-facts 4: `trashed`). */
export const listSchema = z.object({
  parentFileId: digits,
  limit: digits.pipe(z.int().min(1).max(100, { error: 'must not exceed 100' })),
  lastFileId: digits.exactOptional(),
  searchData: z.string().exactOptional(),
  searchMode: z.enum(['0', '1']).exactOptional(),
})

/** At most a hundred at once (platform-facts 4). */
const ids = z.array(id).min(1).max(100, { error: 'must not exceed 100' })

export const mkdirSchema = z.strictObject({ name: z.string(), parentID: id })
export const moveSchema = z.strictObject({ fileIDs: ids, toParentFileID: id })
export const renameSchema = z.strictObject({ fileId: id, fileName: z.string() })
export const idsSchema = z.strictObject({ fileIDs: ids })
export const detailSchema = z.object({ fileID: digits })

/** The value as the schema has it; a request that does not fit breaks the spec. */
export function parseRequest<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw breach(`参数错误: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
}

/** `a/b/c.txt` or, without containDir, a plain name: the folders to go through, and the name. All hold to the name rules. */
export function parseFilename(
  filename: string,
  containDir: boolean,
): { readonly folders: readonly string[]; readonly name: string } {
  const names = containDir ? filename.replace(/^\//u, '').split('/') : [filename]
  for (const each of names) checkName(each)
  return { folders: names.slice(0, -1), name: names.at(-1) ?? '' }
}

export function checkName(name: string): void {
  if (name.trim() === '') throw breach('文件名不能全部是空格')
  if (FORBIDDEN.test(name) || Array.from(name).length > MAX_NAME_CHARACTERS) {
    throw breach('文件名要小于256个字符且不能包含以下任何字符："\\/:*?|><')
  }
}
