import { useTranslation } from 'react-i18next'
import { External } from './External.tsx'

/** What changes something here without an agent: the accesses of DeployCenter, those that the sandbox begins with, the endpoint. */
const programs = ['deploycenter', 'sandbox', 'provisioning'] as const

/** Who did something: a program in the agent's words, anybody else by the name or address that is known. */
export function Actor({ name }: { name: string }) {
  const { t } = useTranslation()
  const program = programs.find((one) => one === name)
  return program ? t(`actor.${program}`) : <External>{name}</External>
}
