import { dialog, type FileFilter } from 'electron'
import type { Locale } from '../../preload/shapes.ts'

const words = {
  fr: {
    open: 'Choisir un fichier CSV',
    save: 'Enregistrer la liste',
    csv: 'Fichiers CSV',
    all: 'Tous les fichiers',
  },
  en: { open: 'Choose a CSV file', save: 'Save the list', csv: 'CSV files', all: 'All files' },
} as const

const filters = (locale: Locale): FileFilter[] => [
  { name: words[locale].csv, extensions: ['csv', 'txt', 'tsv'] },
  { name: words[locale].all, extensions: ['*'] },
]

/** The path of a file that the agent chose to read; null when none was. */
export async function chooseFile(locale: Locale): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title: words[locale].open,
    properties: ['openFile'],
    filters: filters(locale),
  })
  return canceled ? null : (filePaths[0] ?? null)
}

/** Where the agent chose to write; the system asks before a file that is there is replaced. */
export async function chooseTarget(suggestedName: string, locale: Locale): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    title: words[locale].save,
    defaultPath: suggestedName,
    properties: ['showOverwriteConfirmation', 'createDirectory'],
    filters: filters(locale),
  })
  return canceled || filePath === '' ? null : filePath
}
