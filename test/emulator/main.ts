import { parseArgs } from 'node:util'
import { startEmulator } from './emulator.ts'

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, token: { type: 'string' }, store: { type: 'string' } },
})

const emulator = await startEmulator({
  port: Number(values.port),
  control: true,
  ...(values.token === undefined ? {} : { token: values.token }),
  ...(values.store === undefined ? {} : { store: values.store }),
})

const { url, token, clientID, clientSecret, uploadUrls } = emulator
process.stdout.write(`${JSON.stringify({ url, token, clientID, clientSecret, uploadUrls })}\n`)

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void emulator.close())
