import { dialog, type FileFilter } from 'electron'
import type { Locale } from '../../preload/shapes.ts'

const words = {
  fr: {
    csv: { open: 'Choisir un fichier CSV', save: 'Enregistrer la liste', kind: 'Fichiers CSV' },
    profile: { open: 'Choisir un fichier de profil', save: 'Enregistrer le profil', kind: 'Fichiers JSON' },
    text: { save: 'Enregistrer la lettre', kind: 'Fichiers texte' },
    markdown: { save: 'Enregistrer', kind: 'Fichiers Markdown' },
    pdf: { save: 'Enregistrer la lettre', kind: 'Documents PDF' },
    tsv: { save: 'Enregistrer le tableau', kind: 'Fichiers TSV' },
    bind: { save: 'Enregistrer les lignes de zone', kind: 'Fichiers de zone' },
    all: 'Tous les fichiers',
  },
  en: {
    csv: { open: 'Choose a CSV file', save: 'Save the list', kind: 'CSV files' },
    profile: { open: 'Choose a profile file', save: 'Save the profile', kind: 'JSON files' },
    text: { save: 'Save the letter', kind: 'Text files' },
    markdown: { save: 'Save', kind: 'Markdown files' },
    pdf: { save: 'Save the letter', kind: 'PDF documents' },
    tsv: { save: 'Save the table', kind: 'TSV files' },
    bind: { save: 'Save the zone lines', kind: 'Zone files' },
    all: 'All files',
  },
} as const
const extensions = {
  csv: ['csv', 'txt', 'tsv', 'json'],
  profile: ['json'],
  text: ['txt'],
  markdown: ['md'],
  pdf: ['pdf'],
  tsv: ['tsv', 'txt'],
  bind: ['zone', 'txt'],
}
type What = keyof typeof extensions
type Opened = 'csv' | 'profile'

const filters = (what: What, locale: Locale): FileFilter[] => [
  { name: words[locale][what].kind, extensions: extensions[what] },
  { name: words[locale].all, extensions: ['*'] },
]

async function open(what: Opened, locale: Locale): Promise<string | null> {
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
/** The same, for a letter or records in one of their forms. */
export const chooseForm = (form: Exclude<What, Opened> | 'csv', suggestedName: string, locale: Locale) =>
  save(form, suggestedName, locale)
