import type { Platform } from '../platform.ts'
import type { EndpointDefinition } from './endpoint.ts'

export const domain: EndpointDefinition = {
  name: 'domain',
  host: 'api',
  method: 'GET',
  path: '/upload/v2/file/domain',
  auth: 'token',
  handle: (_exchange, platform) => ({ kind: 'data', data: uploadServers(platform) }),
}

export function uploadServers({ quirks, uploadUrls }: Platform): readonly string[] {
  return quirks.servers === 'own' ? uploadUrls : quirks.servers
}
