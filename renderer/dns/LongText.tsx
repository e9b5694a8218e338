import { UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../parts/CopyButton.tsx'
import { External } from '../parts/External.tsx'
import classes from './dns.module.css'
import { shortened } from './facts.ts'

/** A TXT may hold 64 KB: this much of it is read at a glance. */
const atAGlance = 90
/** Up to here the whole is shown: what a cut would hide is shorter than the button that shows it, and an SPF ends in `all`. */
const worthCutting = 140

/** A value from outside, the whole of it only when it is asked for; `copy`: the name of the button that copies it all. */
export function LongText({ text, copy }: { text: string; copy?: string }) {
  const { t } = useTranslation()
  const [whole, setWhole] = useState(false)
  const isLong = [...text.slice(0, worthCutting * 2)].length > worthCutting
  const shown = isLong && !whole ? shortened(text, atAGlance) : text
  return (
    <span className={classes.long}>
      <span className={classes.longText}>
        <code
          className={whole ? classes.whole : undefined}
          {...(whole ? { tabIndex: 0, role: 'group', 'aria-label': copy ?? t('dns.wholeValue') } : {})}
          data-own-keys={whole ? true : undefined}
        >
          <External>{shown}</External>
        </code>
        {isLong ? (
          <UnstyledButton className={classes.more} aria-expanded={whole} onClick={() => setWhole(!whole)}>
            {whole ? t('dns.showLess') : t('dns.showAll', { count: text.length })}
          </UnstyledButton>
        ) : null}
      </span>
      {copy === undefined ? null : <CopyButton text={text} label={copy} />}
    </span>
  )
}
