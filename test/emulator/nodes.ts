import { z } from 'zod'
import { extentSchema } from './blobs.ts'

/** What is in the drive, as the journal keeps it. */

const nodeFields = {
  id: z.number(),
  parentId: z.number(),
  name: z.string(),
  trashed: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
}
const fileSchema = z.object({
  ...nodeFields,
  kind: z.literal('file'),
  md5: z.string(),
  size: z.number(),
  method: z.enum(['instant', 'single', 'sliced']),
})
const folderSchema = z.object({ ...nodeFields, kind: z.literal('folder') })
export const nodeSchema = z.discriminatedUnion('kind', [fileSchema, folderSchema])
export const contentSchema = z.object({ md5: z.string(), size: z.number(), extents: z.array(extentSchema) })

export type FileNode = z.infer<typeof fileSchema>
export type Node = z.infer<typeof nodeSchema>
export type Content = z.infer<typeof contentSchema>
