import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { loadWithElectron } from '../fakes/electron.ts'

type Options = { show: boolean; webPreferences: Record<string, unknown> }
const seen: { options: Options[]; urls: string[]; printed: unknown[]; destroyed: number } = {
  ...{ options: [], urls: [], printed: [], destroyed: 0 },
}
const page = {
  load: async (): Promise<void> => {},
  print: async (): Promise<Uint8Array> => new Uint8Array([1]),
}
const works = { ...page }

class BrowserWindow {
  destroyed = false
  constructor(options: Options) {
    seen.options.push(options)
  }
  webContents = {
    printToPDF: (options: unknown) => {
      seen.printed.push(options)
      return page.print()
    },
  }
  loadURL = (url: string) => {
    seen.urls.push(url)
    return page.load()
  }
  isDestroyed = () => this.destroyed
  destroy() {
    this.destroyed = true
    seen.destroyed++
  }
}
const { printLetter } = loadWithElectron(
  { BrowserWindow, dialog: {} },
  join(import.meta.dirname, '../../main/shell/print.ts'),
)

beforeEach(() => {
  Object.assign(seen, { options: [], urls: [], printed: [], destroyed: 0 })
  Object.assign(page, works)
})

test('faults 1: a letter is printed in a window that is hidden, locked, without preload and without scripts', async () => {
  expect(await printLetter('<p>Été</p>')).toEqual(new Uint8Array([1]))
  const [{ show, webPreferences } = { show: true, webPreferences: {} }] = seen.options
  expect(show).toBe(false)
  expect(webPreferences).toMatchObject({
    ...{
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      javascript: false,
    },
  })
  expect(webPreferences).not.toHaveProperty('preload')
  const [head, body = ''] = seen.urls[0]?.split(',') ?? []
  expect(head).toBe('data:text/html;charset=utf-8;base64')
  expect(Buffer.from(body, 'base64').toString()).toBe('<p>Été</p>')
  expect(seen.printed).toEqual([
    expect.objectContaining({ pageSize: 'A4', generateTaggedPDF: true, generateDocumentOutline: true }),
  ])
  expect(seen.destroyed).toBe(1)
})

const never = () => new Promise<never>(() => {})
const breaks = async () => {
  throw new Error('ERR_FAILED')
}
test.each([
  ['the page does not load', { load: breaks }, undefined],
  ['the page never loads', { load: never }, 20],
  ['the print breaks', { print: breaks }, undefined],
  ['the print never ends', { print: never }, 20],
])('when %s, it is said and the window goes', async (_what, happening, withinMs) => {
  Object.assign(page, happening)
  const error = await printLetter('<p></p>', withinMs).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ failure: { code: 'not-possible', reason: 'letter-print' } })
  expect(seen.destroyed).toBe(1)
})
