import type { Dialog } from 'electron'
import { record } from './journal.ts'
import { standIn } from './partial.ts'

/** The answers of STAND_IN_DIALOGS, a JSON list of paths or nulls (nothing chosen), each given once, in order. */
let answers: (string | null)[] | undefined

function nextAnswer(kind: 'open' | 'save', title = '', suggested = ''): string | null {
  record({ kind: 'dialog', asked: kind, title, suggested })
  answers ??= JSON.parse(process.env.STAND_IN_DIALOGS ?? '[]')
  const answer = answers?.shift()
  if (answer === undefined) throw new Error(`STAND_IN_DIALOGS holds no answer to: ${title}`)
  return answer
}

type Choice = { title?: string; defaultPath?: string }
/** Called with its options alone, or with a window before them. */
const optionsOf = (given: readonly unknown[]): Choice => Object(given.at(-1))

export const dialog = standIn<Dialog>('dialog', {
  showErrorBox: (title, content) => console.error(`${title}\n${content}`),
  async showOpenDialog(...given: unknown[]) {
    const { title, defaultPath } = optionsOf(given)
    const path = nextAnswer('open', title, defaultPath)
    return { canceled: path === null, filePaths: path === null ? [] : [path] }
  },
  async showSaveDialog(...given: unknown[]) {
    const { title, defaultPath } = optionsOf(given)
    const path = nextAnswer('save', title, defaultPath)
    return { canceled: path === null, filePath: path ?? '' }
  },
})
