import type { TransferId, Transfer } from '#app/transfer'
import type { TransfersApi } from '../engine/protocol.ts'
import { findEngine, socketPathOf } from '../engine/socket.ts'
import { transfersHandlers } from '../engine/transfers-handlers.ts'
import type { Print } from './account.ts'
import { pad, printable } from './columns.ts'
import { usage } from './options.ts'
import { openOwnEngine } from './own-engine.ts'
import type { Meant, QueueCommand } from './queue-args.ts'
import { openSession, type CliSetup } from './setup.ts'
import type { CliTexts } from './texts.ts'

/** Asks something of whoever holds the data folder, or of the queue on disk when nobody does. */
type Call = <N extends keyof TransfersApi>(
  name: N,
  input: TransfersApi[N]['input'],
) => Promise<TransfersApi[N]['output']>

/** Everything but going on, which may mean to upload here. */
export async function changeQueue(
  setup: CliSetup,
  command: Exclude<QueueCommand, { command: 'resume' }>,
  texts: CliTexts,
  print: Print,
): Promise<void> {
  await withTransfers(setup, async (call) => {
    const all = await call('list', null)
    if (command.command === 'list') {
      for (const transfer of all) print(command.json ? jsonLine(transfer) : line(transfer, texts))
      return
    }
    const ids = find(command.which, all, texts)
    await change(call, command, ids)
    print(texts.changed[command.command](command.which === 'all' ? undefined : ids.length))
  })
}

/** Says so to the process that holds the folder, and how many files go on there; undefined when none does. */
export async function resumeElsewhere(
  setup: CliSetup,
  which: Meant,
  texts: CliTexts,
): Promise<number | undefined> {
  const engine = await findEngine(socketPathOf(setup.dataDir))
  if (!engine) return undefined
  try {
    const ids = which === 'all' ? 'all' : find(which, await engine.peer.call('list', null), texts)
    return (await engine.peer.call('goOn', { which: ids })).added
  } finally {
    engine.close()
  }
}

async function change(
  call: Call,
  command: Exclude<QueueCommand, { command: 'resume' | 'list' }>,
  ids: readonly TransferId[],
): Promise<void> {
  switch (command.command) {
    case 'pause':
      return call('pause', {
        which: command.which === 'all' ? 'all' : ids,
        until: command.forMs === undefined ? undefined : Date.now() + command.forMs,
      })
    case 'retry':
      return call('retry', { ids, onDuplicate: command.onDuplicate })
    case 'cancel':
    case 'clear':
      return call(command.command, { ids })
    case 'first':
    case 'last':
      return call('reorder', { ids, to: command.command })
  }
}

async function withTransfers(setup: CliSetup, use: (call: Call) => Promise<void>): Promise<void> {
  const running = await findEngine(socketPathOf(setup.dataDir))
  if (running) {
    try {
      await use((name, input) => running.peer.call(name, input))
    } finally {
      running.close()
    }
    return
  }
  const nothing = (): void => undefined
  const session = openSession(setup)
  const own = await openOwnEngine(setup, {
    session,
    tuning: {},
    takeUp: 'edit',
    onChange: nothing,
    onStatus: nothing,
  })
  const handlers = transfersHandlers(() => Promise.resolve(own.engine))
  const context = { signal: new AbortController().signal, report: nothing }
  try {
    await use(async (name, input) => handlers[name](input, context))
  } finally {
    await own.close()
  }
}

/** The transfers whose ids begin so; each beginning must mean one. */
export function find(which: Meant, all: readonly Transfer[], texts: CliTexts): readonly TransferId[] {
  if (which === 'all') return all.map(({ id }) => id)
  return which.map((start) => {
    const [only, second] = start === '' ? [] : all.filter(({ id }) => id.startsWith(start.toLowerCase()))
    if (!only) throw usage(texts.wrong.unknownID(start))
    if (second) throw usage(texts.wrong.severalIDs(start))
    return only.id
  })
}

/** Enough of an id to name it by. */
const ID_CHARACTERS = 8
const STATE_COLUMNS = 12

function line({ id, state, keptBytes, size, remotePath }: Transfer, texts: CliTexts): string {
  const kept = keptBytes > 0 && size > 0 ? ` ${Math.floor((keptBytes / size) * 100)}%` : ''
  const status = pad(`${texts.state[state.status]}${kept}`, STATE_COLUMNS)
  return `${id.slice(0, ID_CHARACTERS)}  ${status}  ${printable(remotePath)}`
}

function jsonLine({ id, path, remotePath, size, keptBytes, state }: Transfer): string {
  const code = 'failure' in state ? { code: state.failure.code } : {}
  return JSON.stringify({
    event: 'transfer',
    id,
    state: state.status,
    path,
    remotePath,
    size,
    keptBytes,
    ...code,
  })
}
