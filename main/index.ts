import { join, resolve } from 'node:path'
import { Expected } from '../preload/failure.ts'
import type { Job, JobRow } from '../preload/shapes.ts'
import { type AppDeps, appState } from './api/app.ts'
import { allHandlers } from './api/handlers.ts'
import { createBatch } from './batched.ts'
import { createClipboard } from './clipboard.ts'
import { serve } from './ipc.ts'
import { openLog } from './log.ts'
import { checkOnce } from './once.ts'
import { createNotices, settledNotice } from './profiles/notices.ts'
import { createProfiles } from './profiles/profiles.ts'
import { openRegistry, sandboxProfile } from './profiles/registry.ts'
import { createSandbox } from './profiles/sandbox.ts'
import { readArguments, readProfileFile } from './shell/arguments.ts'
import * as files from './shell/files.ts'
import { isOurPage, lockDown } from './shell/locks.ts'
import { setMenu } from './shell/menu.ts'
import { createNotifier } from './shell/notify.ts'
import { readManifest } from './shell/pages.ts'
import { printLetter } from './shell/print.ts'
import * as program from './shell/program.ts'
import { createSandboxProcess } from './shell/sandbox-process.ts'
import * as system from './shell/system.ts'
import { openVault } from './shell/vault.ts'
import { createWindow } from './shell/window.ts'

// Whatever this program writes is the agent's own: databases, backups, settings and logs alike.
process.umask(0o077)

const out = resolve(import.meta.dirname, '..')
const args = readArguments(process.argv.slice(1))
const pushEveryMs = 80
const paintedWithinMs = 30_000

program.prepareProgram({
  userData: args.userData === null ? null : resolve(args.userData),
  headless: args.headless,
})

let show = () => {}
// Electron is ready only once this module has been evaluated: awaiting it here would wait for ever.
void program.ready().then(async () => {
  try {
    if (program.isOnlyInstance(() => show())) await start()
    else giveUp(args.once ? 'Another console holds this data: end it first.' : null)
  } catch (error) {
    giveUp(`The console could not start. ${error instanceof Error ? error.message : String(error)}`)
  }
})

/** Ends without a window; a second console that only shows the first one has nothing to say. */
function giveUp(why: string | null): void {
  if (why !== null) process.stderr.write(`${why}\n`)
  program.leaveWith(why === null ? 0 : 1)
}

async function start(): Promise<void> {
  const now = Date.now
  const { userData, systemLocale, ...facts } = program.programFacts()
  const log = openLog(join(userData, 'logs'))
  process.on('uncaughtException', (error) => log.error('an exception nobody caught', error))
  process.on('unhandledRejection', (error) => log.error('a rejection nobody handled', error))

  const given = args.profileFile === null ? null : readProfileFile(resolve(args.profileFile))
  const registry = openRegistry(join(userData, 'console.json'), systemLocale, now)
  const vault = openVault(join(userData, 'vault.json'), now, (reason, details) =>
    notices.add(reason, details),
  )

  program.servePages(readManifest(join(out, 'renderer')))
  system.setColorScheme(registry.read().colorScheme)
  setMenu(registry.read().locale)

  const toldChanges = createBatch<readonly string[]>(pushEveryMs, (bursts) => {
    // A burst without names means "read everything again", whatever else changed.
    const names = bursts.some((burst) => burst.length === 0) ? [] : [...new Set(bursts.flat())]
    window.push('domains.changed', { names })
  })
  const toldProgress = createBatch<{ job: Job; rows: JobRow[] }>(pushEveryMs, (steps) => {
    for (const [id, all] of Map.groupBy(steps, (step) => step.job.id)) {
      const job = all.at(-1)?.job
      if (job?.id === id) window.push('job.progress', { job, rows: all.flatMap((step) => step.rows) })
    }
  })

  let seen: string | undefined
  const notices = createNotices(now, () => window.push('app.changed', appState(deps)))
  const sandbox = createSandbox({
    process: createSandboxProcess(join(out, 'sandbox', 'index.js')),
    registry,
    changed: (state) => window.push('sandbox.changed', state),
  })
  const profiles = createProfiles({
    folder: userData,
    registry,
    vault,
    sandbox,
    log,
    given,
    unattended: args.once,
    changed: () => window.push('app.changed', appState(deps)),
    left() {
      toldChanges.drop()
      toldProgress.drop()
      notices.leaveProfile()
    },
    open: {
      now,
      isNetworkUp: system.isNetworkUp,
      notice: notices.add,
      noticeFailure: notices.addFailure,
      changed: toldChanges.add,
      progress: (job, rows) => toldProgress.add({ job, rows }),
      connectivityChanged: (state) => window.push('connectivity.changed', state),
      sessionChanged(session) {
        // What was still to be told of domains was for who was there.
        if (session.person?.id !== seen) {
          toldChanges.drop()
          toldProgress.drop()
          notices.leaveAgent()
        }
        seen = session.person?.id
        window.push('session.changed', session)
        // Another person is told other notices.
        window.push('app.changed', appState(deps))
      },
      mailboxesChanged: (domain) => window.push('mailboxes.changed', { domain }),
      rightsChanged: (domain) => window.push('rights.changed', { domain }),
      mailChanged: () => window.push('mail.changed', {}),
      provisioningChanged: (state) => window.push('provisioning.changed', state),
      dnsChanged: (domain) => window.push('dns.changed', { domain }),
      dnsSettled({ domain }, silent) {
        const { reason, details } = settledNotice(domain, silent)
        notices.add(reason, details)
        notifier.settled(domain, silent.length > 0)
      },
      openPage: system.openSignInPage,
      locale: () => registry.read().locale,
      skewed: (seconds) => notices.add('clock-skew', { seconds: String(Math.round(seconds)) }),
    },
  })
  const notifier = createNotifier({
    locale: () => registry.read().locale,
    open(domain) {
      show()
      window.push('domains.open', { domain })
    },
  })
  const clipboard = createClipboard(system.systemClipboard, (error) =>
    log.error('the clipboard kept a secret', error),
  )
  let painted = (_view: string, _rows: number) => {}
  const deps: AppDeps = {
    profiles,
    registry,
    notices,
    sandbox,
    facts,
    keyring: () => vault.state,
    configured({ colorScheme, locale }) {
      system.setColorScheme(colorScheme)
      setMenu(locale)
    },
    painted: (view, rows) => painted(view, rows),
    openLink: system.openLink,
    openLetter: system.openLetter,
    print: printLetter,
    copy: clipboard.copy,
  }

  lockDown(system.openLink)
  serve({
    ipc: program.calls,
    handlers: allHandlers(deps, files),
    permit: (call, input) => profiles.permit(call, input),
    isOurPage: isOurPage(() => window.page()),
    log,
  })
  program.leaveWell(async () => {
    await clipboard.leave().catch((error: unknown) => log.error('the clipboard kept a secret', error))
    await profiles.end()
  })

  const window = createWindow(out, !args.headless, (reason) => log.warn('the page died', { reason }))
  show = window.show
  if (registry.aside !== null) notices.add('settings-rebuilt', { file: registry.aside })
  if (vault.aside !== null) notices.add('vault-rebuilt', { file: vault.aside })
  const wanted = given?.profile.id ?? registry.read().current ?? (args.once ? sandboxProfile.id : null)
  const opening = wanted === null ? null : profiles.open(wanted)

  if (args.once) return once()
  await opening?.catch((error: unknown) => {
    log.error('the profile of the last run could not be opened', error)
    if (error instanceof Expected) notices.addFailure('profile-not-opened', error.failure)
  })

  /** What `--once` asks: everything checked once, said on standard output, with a picture of the table. */
  async function once(): Promise<void> {
    try {
      await opening
      await profiles.awake()
      const summary = await checkOnce(profiles.opened(), userData)
      const seen = new Promise<void>((resolveSeen, reject) => {
        const timer = setTimeout(() => reject(new Error('the table was not shown in time')), paintedWithinMs)
        painted = (view, rows) => {
          if (view !== 'domains' || rows < Math.min(1, summary.domains)) return
          clearTimeout(timer)
          resolveSeen()
        }
      })
      toldChanges.flush()
      window.push('domains.changed', { names: [] })
      await seen
      await window.picture(summary.screenshot)
      process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`)
    } catch (error) {
      log.error('--once failed', error)
      process.stderr.write(`--once failed: ${error instanceof Error ? error.message : String(error)}\n`)
      process.exitCode = 1
    }
    await profiles.end().catch((error: unknown) => log.error('closing failed', error))
    program.leaveWith(process.exitCode === 1 ? 1 : 0)
  }
}
