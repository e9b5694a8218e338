import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'msedge',
  'microsoft-edge',
]

function usualPlaces() {
  const { PATH = '', PROGRAMFILES = '', LOCALAPPDATA = '' } = process.env
  const programs = [PROGRAMFILES, process.env['PROGRAMFILES(X86)'] ?? '', LOCALAPPDATA].filter(Boolean)
  if (process.platform === 'win32') {
    return programs.flatMap((root) => [
      join(root, 'Chromium', 'Application', 'chrome.exe'),
      join(root, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(root, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ])
  }
  const onPath = names.flatMap((name) => PATH.split(delimiter).map((folder) => join(folder, name)))
  const onMac = ['Chromium', 'Google Chrome', 'Microsoft Edge'].map(
    (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  )
  return process.platform === 'darwin' ? [...onPath, ...onMac] : onPath
}

/**
 * The path of a Chromium on this machine: CHROMIUM_PATH, the system's, then Playwright's own.
 * @returns {Promise<string | undefined>}
 */
export async function findBrowser() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH
  const found = usualPlaces().find((path) => existsSync(path))
  if (found) return found
  const { chromium } = await import('playwright-core')
  const own = chromium.executablePath()
  return existsSync(own) ? own : undefined
}

/** Finds a Chromium or installs one; throws one sentence saying what to install when neither works. */
export async function ensureBrowser() {
  const found = await findBrowser()
  if (found) return found
  console.error('No Chromium here: installing it.')
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    run('apt-get', ['update']) && run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'])
  }
  const installed =
    (await findBrowser()) ?? (run('npx', ['playwright', 'install', 'chromium']) && (await findBrowser()))
  if (!installed) {
    throw new Error(
      "This needs Chromium: install it with the system's packages, or set CHROMIUM_PATH to one.",
    )
  }
  return installed
}

/** @param {string} command @param {string[]} args */
function run(command, args) {
  // Standard output belongs to the program that is being started.
  const stdio = /** @type {const} */ (['ignore', 2, 2])
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return (
    spawnSync(command, args, { stdio: [...stdio], env, shell: process.platform === 'win32' }).status === 0
  )
}
