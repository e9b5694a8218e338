import { Readable } from 'node:stream'
import type { Input } from '../../preload/contract.ts'
import type { DnsState, letterFormats } from '../../preload/dns-shapes.ts'
import { unwrap } from '../../preload/failure.ts'
import type { Locale } from '../../preload/shapes.ts'
import { writeAtomically } from '../csv/atomic-file.ts'
import { diagnose, readDns } from '../diagnosis/diagnose.ts'
import { exportDns, suggestedExport } from '../diagnosis/exporting.ts'
import { composeLetter, letterEndings, letterFile, sendLetter } from '../diagnosis/letters-out.ts'
import { rehearseDns } from '../diagnosis/rehearsing.ts'
import { showLetter, writeLetter } from '../diagnosis/writing.ts'
import { normaliseDomain } from '../dimail/names.ts'
import type { Handlers } from '../ipc.ts'
import type { OpenProfile } from '../profiles/open-profile.ts'

export type DnsDeps = {
  /** The system's dialog; null when nothing was chosen. */
  chooseForm(
    form: Input<'dns.save'>['format'] | (typeof letterFormats)[number],
    suggestedName: string,
    locale: Locale,
  ): Promise<string | null>
  /** The language of the window. */
  locale(): Locale
  /** A page as a PDF. */
  print(html: string): Promise<Uint8Array>
  openLetter(to: string | null, subject: string, text: string): Promise<boolean>
  copy(text: string): Promise<void>
}

type Calls = Extract<keyof Handlers, `dns.${string}` | `codes.${string}`>

export function dnsHandlers(opened: () => OpenProfile, deps: DnsDeps): Pick<Handlers, Calls> {
  const named = (name: string) => unwrap(normaliseDomain(name))
  const stateOf = async (profile: OpenProfile, name: string): Promise<DnsState> =>
    unwrap(await readDns(profile, name))
  const written = async (asked: Input<'dns.letter'>) => unwrap(await writeLetter(opened(), asked))
  /** What was read before a place was chosen: the profile may have been left meanwhile. */
  async function saved(file: string, content: string | Uint8Array): Promise<{ file: string }> {
    unwrap(await writeAtomically(file, Readable.from([content])))
    return { file }
  }

  return {
    'dns.read': ({ name }) => stateOf(opened(), name),
    'dns.diagnose': async ({ name }) => {
      // Another profile may be open when the answer comes: it is read where it was asked.
      const profile = opened()
      await profile.watching.seen(unwrap(await diagnose(profile, name, profile.attended())))
      return stateOf(profile, name)
    },
    'dns.rehearse': async (asked) => {
      const profile = opened()
      const mayAsk = profile.session.standpoint().state === 'signed-in'
      return unwrap(await rehearseDns(profile, asked, mayAsk, profile.attended()))
    },
    'dns.export': async (asked) => ({ text: unwrap(await exportDns(opened(), asked)) }),
    'dns.save': async (asked) => {
      const text = unwrap(await exportDns(opened(), asked))
      const target = await deps.chooseForm(asked.format, suggestedExport(asked), deps.locale())
      return target === null ? null : saved(target, text)
    },
    'dns.letter': async (asked) => {
      const profile = opened()
      return unwrap(await showLetter(profile, asked, profile.mail.state().smtp !== null))
    },
    'dns.saveLetter': async ({ format, ...asked }) => {
      const letter = await written(asked)
      const suggested = `${asked.name}-dns.${letterEndings[format]}`
      const target = await deps.chooseForm(format, suggested, deps.locale())
      return target === null ? null : saved(target, await letterFile(letter, format, deps.print))
    },
    'dns.composeLetter': async ({ to, ...asked }) => {
      const letter = await written(asked)
      return unwrap(await composeLetter({ to, letter, locale: asked.locale }, deps))
    },
    'dns.sendLetter': async ({ to, ...asked }) => {
      const { post } = opened()
      const letter = await written(asked)
      return { mail: await sendLetter(post, { domain: named(asked.name), to, letter, locale: asked.locale }) }
    },
    'dns.watch': async ({ name }) => {
      const profile = opened()
      unwrap(await profile.watching.pin(named(name), profile.person().id))
      return stateOf(profile, name)
    },
    'dns.unwatch': async ({ name }) => {
      const profile = opened()
      await profile.watching.unpin(named(name))
      return stateOf(profile, name)
    },
    'dns.watches': () => opened().watching.list(),
    'codes.unknown': () => opened().cache.unknownCodes(),
  }
}
