import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  type Answer,
  breach,
  ConnectionEnded,
  envelope,
  httpRefusal,
  HTML_PAGE,
  numbersAsStrings,
  Refusal,
} from './answers.ts'
import type { EndpointDefinition } from './endpoints/endpoint.ts'
import { Exchange } from './exchange.ts'
import type { Platform } from './platform.ts'

/** Takes one request to its end: faults, authorization, limits, the endpoint itself, the answer, the record. */
export async function serve(
  platform: Platform,
  endpoint: EndpointDefinition | 'unknown',
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const exchange = new Exchange(
    endpoint === 'unknown' ? 'unknown' : endpoint.name,
    request,
    platform.onBodyBytes,
  )
  try {
    const answer = await decide(platform, endpoint, exchange)
    if (!exchange.answerIsLost) return await send(platform, exchange, answer, reply)
    platform.records.push(exchange.record(0, sendable(platform, answer).code))
  } catch (error) {
    if (!(error instanceof ConnectionEnded)) throw error
    platform.records.push(exchange.record(0, undefined))
  }
  request.raw.socket.destroy()
  return reply.hijack()
}

async function decide(
  platform: Platform,
  endpoint: EndpointDefinition | 'unknown',
  exchange: Exchange,
): Promise<Answer> {
  try {
    if (endpoint === 'unknown') throw httpRefusal(404, 'Not Found')
    await admit(platform, endpoint, exchange)
    return await endpoint.handle(exchange, platform)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.violation !== undefined) platform.violations.push(`${exchange.endpoint}: ${error.violation}`)
    await exchange.drain()
    return error.answer
  }
}

/** Throws unless the endpoint may look at the request. */
async function admit(platform: Platform, endpoint: EndpointDefinition, exchange: Exchange): Promise<void> {
  const { account, faults, quirks, rates } = platform
  await exchange.meet(faults.takeAtStart(endpoint.name, exchange.announcedBytes))
  if (quirks.htmlAnswers.includes(endpoint.name)) {
    throw new Refusal({ kind: 'raw', status: 200, headers: { 'content-type': 'text/html' }, body: HTML_PAGE })
  }
  if (endpoint.auth === 'token') {
    account.authorize(exchange.header('authorization'), exchange.at)
    exchange.authorized = true
  }
  if (exchange.header('platform') !== 'open_platform') throw breach('Platform must be open_platform')
  if (quirks.rateLimits !== 'off') rates.admit(endpoint.name, quirks.rateLimits, Date.now())
}

interface Sendable {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly code: number | undefined
}

function sendable({ quirks }: Platform, answer: Answer): Sendable {
  const json = { 'content-type': 'application/json; charset=utf-8' }
  switch (answer.kind) {
    case 'data': {
      const data = quirks.numbersAsStrings ? numbersAsStrings(answer.data) : answer.data
      return { status: 200, headers: json, body: envelope(0, 'ok', data), code: 0 }
    }
    case 'error': {
      const { status, code, message, headers } = answer
      return { status, headers: { ...json, ...headers }, body: envelope(code, message, null), code }
    }
    case 'raw':
      return { ...answer, code: undefined }
  }
}

function send(platform: Platform, exchange: Exchange, answer: Answer, reply: FastifyReply): FastifyReply {
  const { status, headers, body, code } = sendable(platform, answer)
  platform.records.push(exchange.record(status, code))
  exchange.onAnswered()
  return reply.code(status).headers(headers).send(body)
}
