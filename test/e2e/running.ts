import type { Page } from '@playwright/test'

/** One running program, as both launchers give it. */
export type Running = {
  page: Page
  output(): string
  openedLinks(): Promise<string[]>
  clipboard(): Promise<string>
  close(): Promise<void>
  kill(): Promise<void>
}
