import { onBeforeUnmount, shallowRef, type ShallowRef } from 'vue'

/** Whether files hang over the window; `take` gets what is dropped, folders too. */
export function useFileDrop(take: (files: readonly File[]) => void): ShallowRef<boolean> {
  const over = shallowRef(false)
  /** The pointer enters one element before it leaves the last. */
  let depth = 0

  function enter(event: DragEvent): void {
    if (!carriesFiles(event)) return
    depth += 1
    over.value = true
  }

  function leave(event: DragEvent): void {
    if (!carriesFiles(event)) return
    depth = Math.max(0, depth - 1)
    over.value = depth > 0
  }

  function hover(event: DragEvent): void {
    if (!event.dataTransfer || !carriesFiles(event)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
  }

  function drop(event: DragEvent): void {
    depth = 0
    over.value = false
    if (!carriesFiles(event)) return
    event.preventDefault()
    // The list is emptied as soon as the event is over.
    take(Array.from(event.dataTransfer?.files ?? []))
  }

  /** While something is dragged the pointer says nothing: if it moves, the drag ended, and nobody told us. */
  function ended(): void {
    depth = 0
    over.value = false
  }

  const off = new AbortController()
  window.addEventListener('dragenter', enter, off)
  window.addEventListener('dragleave', leave, off)
  window.addEventListener('dragover', hover, off)
  window.addEventListener('drop', drop, off)
  window.addEventListener('pointermove', ended, off)
  onBeforeUnmount(() => off.abort())
  return over
}

/** A file dropped where nobody takes it must not replace the page. */
export function refuseOtherDrops(): void {
  const refuse = (event: DragEvent): void => {
    if (!event.dataTransfer || !carriesFiles(event)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'none'
  }
  window.addEventListener('dragover', refuse)
  window.addEventListener('drop', refuse)
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false
}
