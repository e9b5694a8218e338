import { Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'

/** The heading of each state of the page: it takes the keyboard when it comes, so that the change is read out. */
export function GateTitle({ children }: { children: ReactNode }) {
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  return (
    <Title order={1} id="gate-title" ref={title} tabIndex={-1}>
      {children}
    </Title>
  )
}
