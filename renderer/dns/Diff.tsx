import { UnstyledButton, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { visible } from '../parts/external-text.ts'
import classes from './dns.module.css'
import { middleOut } from './facts.ts'
import own from './proposal.module.css'
import type { Difference } from './readable-diff.ts'

/** What is the same on both sides of a change is context: this much of it, at each end. */
const context = 60

/** A value that changes, character by character: what goes is struck, what comes is underlined, and each is named. */
export function Diff({ diff }: { diff: Difference }) {
  const { t } = useTranslation()
  const [whole, setWhole] = useState(false)
  const cut = (text: string) => (whole ? text : middleOut(text, context))
  const isCut = diff.some(({ text }) => middleOut(text, context) !== text)
  return (
    <div className={own.diff}>
      <code>
        <bdi>
          {diff.map(({ kind, text }, index) => {
            const shown = visible(cut(text))
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text are known by their place.
            if (kind === 'same') return <span key={index}>{shown}</span>
            const Part = kind === 'added' ? 'ins' : 'del'
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text are known by their place.
              <Part key={index}>
                <VisuallyHidden>{t(`dns.diff.${kind}`)} </VisuallyHidden>
                {shown}
              </Part>
            )
          })}
        </bdi>
      </code>
      {isCut ? (
        <UnstyledButton className={classes.more} aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {t(whole ? 'dns.showLess' : 'dns.diff.whole')}
        </UnstyledButton>
      ) : null}
    </div>
  )
}
