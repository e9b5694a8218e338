import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { Locale } from '../../preload/shapes.ts'

type Role = NonNullable<MenuItemConstructorOptions['role']>

/** Electron names its roles in English on Windows and Linux, whatever the language of the program. */
const words = {
  fr: {
    file: 'Fichier',
    edit: 'Édition',
    view: 'Affichage',
    window: 'Fenêtre',
    quit: 'Quitter',
    undo: 'Annuler',
    redo: 'Rétablir',
    cut: 'Couper',
    copy: 'Copier',
    paste: 'Coller',
    selectAll: 'Tout sélectionner',
    resetZoom: 'Taille réelle',
    zoomIn: 'Agrandir',
    zoomOut: 'Réduire',
    togglefullscreen: 'Plein écran',
    minimize: 'Placer dans la barre',
    close: 'Fermer',
  },
  en: {
    file: 'File',
    edit: 'Edit',
    view: 'View',
    window: 'Window',
    quit: 'Quit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select all',
    resetZoom: 'Actual size',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    togglefullscreen: 'Full screen',
    minimize: 'Minimize',
    close: 'Close',
  },
} as const satisfies Record<Locale, Record<string, string>>

const menus = {
  file: ['quit'],
  edit: ['undo', 'redo', 'cut', 'copy', 'paste', 'selectAll'],
  view: ['resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen'],
  window: ['minimize', 'close'],
} as const satisfies Record<string, readonly Role[]>

/**
 * The menus that people expect to find, so that copying, zooming and quitting work as everywhere. No developer
 * tools and no reload: the page holds nothing that they would help an agent with.
 */
export function setMenu(locale: Locale): void {
  const say = words[locale]
  const template = (Object.keys(menus) as (keyof typeof menus)[]).map((menu) => ({
    label: say[menu],
    submenu: menus[menu].map((role) => ({ role, label: say[role] })),
  }))
  const mac = process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []
  Menu.setApplicationMenu(Menu.buildFromTemplate([...mac, ...template]))
}
