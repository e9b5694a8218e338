import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))
const modules = join(root, 'node_modules')
const ourNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const isWindows = process.platform === 'win32'

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))

/** The commands of a script of package.json, one by one. @param {string} name @returns {string[]} */
export const commandsOf = (name) => readJson(join(root, 'package.json')).scripts[name].split(' && ')

/**
 * Makes sure that what package-lock.json asks for is installed and that this script runs on the project's Node:
 * otherwise it installs, and runs again there. Starts on any Node since 20, with nothing installed.
 */
export async function bootstrap() {
  process.env.PATH = [join(modules, '.bin'), process.env.PATH].join(delimiter)
  if (!isInstalled()) {
    console.error('Installing the dependencies (npm ci).')
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: isWindows,
    })
    if (status !== 0) process.exit(status ?? 1)
  }
  if (process.versions.node === readJson(join(modules, 'node', 'package.json')).version) return
  process.exit(await run(ourNode, [...process.execArgv, ...process.argv.slice(1)]))
}

/** Whether npm's own record of node_modules holds every version of the lockfile; another platform's may lack. */
function isInstalled() {
  const record = join(modules, '.package-lock.json')
  if (!existsSync(record) || !existsSync(ourNode)) return false
  const { '': _root, ...wanted } = readJson(join(root, 'package-lock.json')).packages
  const present = readJson(record).packages
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) =>
    present[path] ? present[path].version === version : optional || devOptional,
  )
}

/**
 * Runs a program with this one's streams, hands it the signals, and tells its exit code (128 + n for a signal).
 * @param {string} command @param {string[]} args @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
    const forward = signals.map((signal) => /** @type {const} */ ([signal, () => void child.kill(signal)]))
    for (const [signal, listener] of forward) process.on(signal, listener)
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      for (const [name, listener] of forward) process.off(name, listener)
      resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGKILL' ? 9 : 15))
    })
  })
}

/** Builds when `out/` is missing or older than the sources, its output on standard error; false when that fails. */
export async function build() {
  const made = ['main/index.js', 'preload/index.cjs', 'renderer/index.html', 'sandbox/index.js']
  const sources = ['main', 'preload', 'renderer', 'resources', 'package-lock.json', 'electron.vite.config.ts']
  const oldest = Math.min(...made.map((file) => changedAt(join(root, 'out', file))))
  if (oldest > Math.max(...sources.map((source) => newest(join(root, source))))) return true
  console.error('Building.')
  for (const command of commandsOf('build')) {
    const code = await run(command, [], { cwd: root, shell: true, stdio: ['ignore', 2, 2] })
    if (code !== 0) return false
  }
  return true
}

/** @param {string} path */
const changedAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0)

/** Folders count too: a deleted file changes only them. @param {string} path @returns {number} */
function newest(path) {
  if (!existsSync(path) || !statSync(path).isDirectory()) return changedAt(path)
  return Math.max(changedAt(path), ...readdirSync(path).map((name) => newest(join(path, name))))
}
