/** The system's clipboard, as the shell gives it. */
export type SystemClipboard = { write(text: string): Promise<void>; read(): Promise<string> }

/** A password copied for somebody else does not stay for the next paste (docs/faults.md 72). */
const secretsStayMs = 60_000

export type Clipboard = {
  /** `secret`: taken away again after a minute, unless something else has been copied since. */
  copy(text: string, secret: boolean): Promise<void>
  /** Takes a secret away now: the program ends. */
  leave(): Promise<void>
}

export function createClipboard(
  system: SystemClipboard,
  broke: (error: unknown) => void,
  staysMs = secretsStayMs,
): Clipboard {
  let held: { text: string; timer: NodeJS.Timeout } | null = null

  async function takeAway(): Promise<void> {
    if (held === null) return
    const { text, timer } = held
    clearTimeout(timer)
    held = null
    // What the agent copied elsewhere meanwhile is theirs.
    if ((await system.read()) === text) await system.write('')
  }

  return {
    async copy(text, secret) {
      if (held) clearTimeout(held.timer)
      held = null
      await system.write(text)
      if (!secret) return
      const timer = setTimeout(() => void takeAway().catch(broke), staysMs)
      timer.unref()
      held = { text, timer }
    },
    leave: takeAway,
  }
}
