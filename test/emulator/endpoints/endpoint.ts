import type { Exchange } from '../exchange.ts'
import type { Platform } from '../platform.ts'
import type { Endpoint } from '../types.ts'
import type { Answer } from '../answers.ts'

/** One route of the platform: where it is, and what it does once the request is authorized. Refuses by throwing. */
export interface EndpointDefinition {
  readonly name: Endpoint
  /** `upload`: only on the hosts that `create` and `domain` name. */
  readonly host: 'api' | 'upload'
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  /** Whether a live token is needed. */
  readonly auth: 'token' | 'none'
  readonly handle: (exchange: Exchange, platform: Platform) => Promise<Answer> | Answer
}
