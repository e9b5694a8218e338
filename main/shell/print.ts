import { BrowserWindow } from 'electron'
import { Expected, failed } from '../../preload/failure.ts'
import { webPreferences } from './window.ts'

const printedWithinMs = 30_000

/**
 * A page as a PDF on A4 that screen readers can follow: tagged, with an outline of its headings. It is printed in a
 * window that nobody sees, in which nothing runs and which cannot fetch anything. Fails with
 * `not-possible/letter-print`.
 */
export async function printLetter(html: string, withinMs = printedWithinMs): Promise<Uint8Array> {
  const window = new BrowserWindow({ show: false, webPreferences: { ...webPreferences, javascript: false } })
  const timer = Promise.withResolvers<never>()
  const late = setTimeout(() => timer.reject(new Error('the letter was not printed in time')), withinMs)
  try {
    return await Promise.race([printed(window, html), timer.promise])
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    throw new Expected(
      failed('not-possible', 'letter-print', `The letter could not be printed: ${cause.slice(0, 200)}`)
        .failure,
    )
  } finally {
    clearTimeout(late)
    if (!window.isDestroyed()) window.destroy()
  }
}

async function printed(window: BrowserWindow, html: string): Promise<Uint8Array> {
  await window.loadURL(`data:text/html;charset=utf-8;base64,${Buffer.from(html).toString('base64')}`)
  return window.webContents.printToPDF({
    pageSize: 'A4',
    preferCSSPageSize: true,
    printBackground: true,
    generateTaggedPDF: true,
    generateDocumentOutline: true,
  })
}
