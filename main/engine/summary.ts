import { summarizeQueue, type QueueSummary } from '#app/summary'
import type { Engine } from './engine.ts'

/** In numbers, counted where the queue is: its 15,000 names need not cross a thread for that. */
export function summaryOf({ queue, problems, sync }: Engine): QueueSummary {
  const pairs = sync.list().map((status) => ({
    status,
    failures: sync.problems(status.pair.id).map(({ failure }) => failure),
  }))
  return summarizeQueue(queue.list(), queue.status(), problems.list(), pairs)
}
