import { dialog, type FileFilter } from 'electron'
import type { Locale } from '../../preload/shapes.ts'

const words = {
  fr: {
    csv: { open: 'Choisir un fichier CSV', save: 'Enregistrer la liste', kind: 'Fichiers CSV' },
    profile: { open: 'Choisir un fichier de profil', save: 'Enregistrer le profil', kind: 'Fichiers JSON' },
    all: 'Tous les fichiers',
  },
  en: {
    csv: { open: 'Choose a CSV file', save: 'Save the list', kind: 'CSV files' },
    profile: { open: 'Choose a profile file', save: 'Save the profile', kind: 'JSON files' },
    all: 'All files',
  },
} as const
const extensions = { csv: ['csv', 'txt', 'tsv', 'json'], profile: ['json'] }
type What = keyof typeof extensions

const filters = (what: What, locale: Locale): FileFilter[] => [
  { name: words[locale][what].kind, extensions: extensions[what] },
  { name: words[locale].all, extensions: ['*'] },
]

async function open(what: What, locale: Locale): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title: words[locale][what].open,
    properties: ['openFile'],
    filters: filters(what, locale),
  })
  return canceled ? null : (filePaths[0] ?? null)
}

async function save(what: What, suggestedName: string, locale: Locale): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    title: words[locale][what].save,
    defaultPath: suggestedName,
    properties: ['showOverwriteConfirmation', 'createDirectory'],
    filters: filters(what, locale),
  })
  return canceled || filePath === '' ? null : filePath
}

/** The path of a file of lines that the agent chose to read; null when none was. */
export const chooseFile = (locale: Locale) => open('csv', locale)
/** Where the agent chose to write a list; the system asks before a file that is there is replaced. */
export const chooseTarget = (suggestedName: string, locale: Locale) => save('csv', suggestedName, locale)
/** The same, for a profile. */
export const chooseProfile = (locale: Locale) => open('profile', locale)
export const chooseProfileTarget = (suggestedName: string, locale: Locale) =>
  save('profile', suggestedName, locale)
