import { breach, refusal } from '../answers.ts'
import { accessTokenSchema, parseRequest } from '../rules.ts'
import { rfc3339 } from '../time.ts'
import type { EndpointDefinition } from './endpoint.ts'

export const accessToken: EndpointDefinition = {
  name: 'access_token',
  host: 'api',
  method: 'POST',
  path: '/api/v1/access_token',
  auth: 'none',
  handle: async (exchange, { account, quirks }) => {
    const { clientID, clientSecret } = parseRequest(accessTokenSchema, await exchange.json())
    if (clientID === '' || clientSecret === '')
      throw breach('参数错误: clientID and clientSecret must not be empty')
    if (clientID !== account.clientID || clientSecret !== account.clientSecret) {
      throw refusal('clientID或clientSecret错误')
    }
    const { token, expiresAt } = account.issue(quirks.tokenLifetimeMs, Date.now())
    return { kind: 'data', data: { accessToken: token, expiredAt: rfc3339(expiresAt) } }
  },
}
