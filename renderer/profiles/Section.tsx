import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './profiles.module.css'

type Props = {
  /** Names the section for the page itself. */
  id: string
  title: string
  /** What it decides, in a sentence. */
  what: string
  children: ReactNode
  /** The test of its server. */
  test?: ReactNode
}

/** One part of a profile, with what it is for. */
export function Section({ id, title, what, children, test }: Props) {
  const heading = `profile-${id}`
  return (
    <section className={classes.section} aria-labelledby={heading}>
      <Title order={2} id={heading}>
        {title}
      </Title>
      <p className={classes.quiet}>{what}</p>
      <div className={classes.fields}>{children}</div>
      {test}
    </section>
  )
}
