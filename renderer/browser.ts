/** Whether the text is on the clipboard now. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Refused by the system's permission: the text can still be selected by hand.
    return false
  }
}

/** Everything anew, so that nothing is listened to twice. */
export function reloadPage(): void {
  window.location.reload()
}
