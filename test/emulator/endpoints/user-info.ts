import { chinaTime } from '../time.ts'
import type { EndpointDefinition } from './endpoint.ts'

/** The person behind the account. Telephone and mail must never leave the client: tests look for them. */
export const PERSON = {
  uid: 1_814_435_971,
  nickname: '测试用户',
  passport: '13800138000',
  mail: 'someone.private@example.com',
} as const

const DAY_MS = 24 * 3600 * 1000

export const userInfo: EndpointDefinition = {
  name: 'user_info',
  host: 'api',
  method: 'GET',
  path: '/api/v1/user/info',
  auth: 'token',
  handle: (_exchange, { drive, quirks }) => {
    const now = Date.now()
    const term = { startTime: chinaTime(now - 30 * DAY_MS), endTime: chinaTime(now + 335 * DAY_MS) }
    const data = {
      ...PERSON,
      headImage: 'https://www.123pan.com/head.png',
      spaceUsed: drive.usedBytes,
      spacePermanent: quirks.spaceBytes,
      spaceTemp: 0,
      // Documented as a string; the official example has the number.
      spaceTempExpr: 0,
      vip: true,
      directTraffic: 0,
      isHideUID: false,
      httpsCount: 0,
      vipInfo: [{ vipLevel: 1, vipLabel: 'VIP', ...term }],
      developerInfo: term,
    }
    return { kind: 'data', data }
  },
}
