import { type Answer, breach, refusal } from '../answers.ts'
import { fieldsAndFile, keepingNothingRefused, type Part, readForm, type TextPart } from '../multipart.ts'
import type { Exchange } from '../exchange.ts'
import type { Platform } from '../platform.ts'
import { parseRequest, sliceSchema } from '../rules.ts'
import { sliceCount, type Upload } from '../uploads.ts'
import type { EndpointDefinition } from './endpoint.ts'

const FIELD_ORDER = 'preuploadID,sliceNo,sliceMD5,slice'

export const slice: EndpointDefinition = {
  name: 'slice',
  host: 'upload',
  method: 'POST',
  path: '/upload/v2/file/slice',
  auth: 'token',
  handle: async (exchange, { blobs, faults, quirks, uploads }) => {
    const beforeFile = async (texts: readonly TextPart[]) => {
      note(exchange, texts)
      if (exchange.sliceNo !== undefined) await exchange.meet(faults.takeForSlice(exchange.sliceNo))
    }
    const parts = await readForm(exchange, { blobs, quirks, beforeFile })
    await keepingNothingRefused(parts, blobs, () => accept(parts, uploads))
    const answer: Answer = quirks.emptySliceBody
      ? { kind: 'raw', status: 200, headers: {}, body: '' }
      : { kind: 'data', data: null }
    return answer
  },
}

/** For the record and the faults, before anything has been checked. */
function note(exchange: Exchange, texts: readonly TextPart[]): void {
  const value = (name: string) => texts.find((part) => part.name === name)?.value
  exchange.preuploadID = value('preuploadID')
  const sliceNo = Number(value('sliceNo'))
  if (Number.isSafeInteger(sliceNo)) exchange.sliceNo = sliceNo
}

async function accept(parts: readonly Part[], uploads: Platform['uploads']): Promise<void> {
  const { fields, file } = fieldsAndFile(parts, 'slice')
  const { preuploadID, sliceNo, sliceMD5 } = parseRequest(sliceSchema, fields)
  const order = parts.map(({ name }) => name).join(',')
  if (order !== FIELD_ORDER) throw breach(`参数错误: the fields must be ${FIELD_ORDER}, in this order`)
  const upload = uploads.get(preuploadID)
  if (upload?.row.state.status !== 'open') throw refusal('preuploadID不存在或已过期')
  checkBytes(upload, sliceNo, file.size)
  if (file.md5 !== sliceMD5) throw refusal('分片md5不一致')
  await uploads.putSlice(preuploadID, sliceNo, file)
}

/** The server's slice size is law: each slice has it exactly, the last one has the rest. */
function checkBytes({ row }: Upload, sliceNo: number, bytes: number): void {
  const count = sliceCount(row)
  if (sliceNo < 1 || sliceNo > Math.max(1, count)) throw breach(`参数错误: sliceNo must be 1 to ${count}`)
  const expected = Math.min(row.sliceSize, row.size - (sliceNo - 1) * row.sliceSize)
  if (bytes !== expected)
    throw breach(`分片大小错误: slice ${sliceNo} must have ${expected} bytes, not ${bytes}`)
}
